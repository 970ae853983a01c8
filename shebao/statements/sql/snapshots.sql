-- name: people
-- Who the statements are about.
SELECT id, name, id_number, personal_number
  FROM registry_person
 WHERE id = ANY (%(person_ids)s::bigint[])

-- name: months
-- What was due of each person, month, scheme and payer, and what became of it; differences found later are added in.
SELECT d.person_id, d.month, d.scheme, d.payer_id,
       (array_agg(d.base ORDER BY d.line DESC))[1] AS base,
       sum(d.employer_part) AS employer, sum(d.personal_part) AS personal,
       coalesce(sum(d.employer_part) FILTER (WHERE a.kind = 'paid'), 0) AS employer_paid,
       coalesce(sum(d.personal_part) FILTER (WHERE a.kind = 'paid'), 0) AS personal_paid,
       max(a.settled_on) FILTER (WHERE a.kind = 'paid') AS paid_on,
       bool_or(a.kind IS NULL AND (d.employer_part <> 0 OR d.personal_part <> 0)) AS open,
       bool_or(a.kind = 'written_off') AS written_off,
       array_agg(DISTINCT d.terms_id ORDER BY d.terms_id) AS terms
  FROM ledger_due d
  LEFT JOIN ledger_allocation a
    ON a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id AND a.month = d.month
   AND a.line = d.line AND a.month BETWEEN %(first)s AND %(last)s
 WHERE d.person_id = ANY (%(person_ids)s::bigint[]) AND d.month BETWEEN %(first)s AND %(last)s
 GROUP BY d.person_id, d.month, d.scheme, d.payer_id
 ORDER BY d.person_id, d.month, d.payer_id, d.scheme

-- name: accounts
-- Each personal account's movements in the period, and its balance before and after.
SELECT person_id, account,
       coalesce(sum(amount) FILTER (WHERE month < %(first)s), 0) AS opening,
       coalesce(sum(amount) FILTER (WHERE month >= %(first)s AND kind = 'contribution'), 0) AS contribution,
       coalesce(sum(amount) FILTER (WHERE month >= %(first)s AND kind = 'interest'), 0) AS interest,
       coalesce(sum(amount) FILTER (WHERE month >= %(first)s AND kind = 'transfer_in'), 0) AS transfer_in,
       coalesce(sum(amount) FILTER (WHERE month >= %(first)s AND kind = 'payment'), 0) AS payment,
       sum(amount) AS closing
  FROM ledger_accountline
 WHERE person_id = ANY (%(person_ids)s::bigint[]) AND month <= %(last)s
 GROUP BY person_id, account
 ORDER BY person_id, account

-- name: counted
-- In how many months of a whole life each scheme was paid for, up to the period's end, and since when.
SELECT person_id, scheme, count(DISTINCT month) AS months, min(month) AS since
  FROM ledger_allocation
 WHERE person_id = ANY (%(person_ids)s::bigint[]) AND kind = 'paid' AND month <= %(last)s
 GROUP BY person_id, scheme

-- name: employers
-- The employers among the payers.
SELECT id, number, name
  FROM registry_employer
 WHERE id = ANY (%(payer_ids)s::bigint[])

-- name: terms
-- The terms that the dues cite.
SELECT id, scheme, kind, injury_class, starts, ends, floor, ceiling, employer_rate, personal_rate, employer_fixed,
       personal_fixed, value_ids, provisional, synthetic
  FROM policy_terms
 WHERE id = ANY (%(terms_ids)s::int[])

-- name: sources
-- Where the figures of these terms come from.
SELECT id, source, document, url, evidence
  FROM policy_value
 WHERE id = ANY (%(value_ids)s::int[])
