-- name: people
-- Who the statements are about.
SELECT id, name, id_number, personal_number
  FROM registry_person
 WHERE id = ANY (%(person_ids)s::bigint[])

-- name: dues
-- Every due line of these people in the period; the ledger's relation `standing` reads it.
SELECT d.*
  FROM ledger_due d
 WHERE d.person_id = ANY (%(person_ids)s::bigint[]) AND d.month BETWEEN %(first)s AND %(last)s

-- name: allocations
-- What settled them. Takes the table's place in `standing`: the planner does not see by itself that people and months
-- of the dues narrow it too, and would read the whole city's.
SELECT a.*
  FROM ledger_allocation a
 WHERE a.person_id = ANY (%(person_ids)s::bigint[]) AND a.month BETWEEN %(first)s AND %(last)s

-- name: allocations_of_a_life
-- The same up to the period's end.
SELECT a.*
  FROM ledger_allocation a
 WHERE a.person_id = ANY (%(person_ids)s::bigint[]) AND a.month <= %(last)s

-- name: dues_of_a_life
-- Every due line of these people up to the period's end.
SELECT d.*
  FROM ledger_due d
 WHERE d.person_id = ANY (%(person_ids)s::bigint[]) AND d.month <= %(last)s

-- name: months
-- What was due of each person, month, scheme and payer, and what became of it, as ledger/record.sql has it for one person:
-- differences found later are added in, months that were reversed are left out. A credit counts as paid at once.
SELECT s.person_id, s.month, s.scheme, s.payer_id,
       (array_agg(s.base ORDER BY s.line DESC))[1] AS base,
       (array_agg(s.terms_id ORDER BY s.line DESC))[1] AS terms_id,
       sum(s.employer_part) AS employer, sum(s.personal_part) AS personal,
       coalesce(sum(s.employer_part) FILTER (WHERE s.settled = 'paid' OR s.settled IS NULL AND s.amount < 0), 0)
           AS employer_paid,
       coalesce(sum(s.personal_part) FILTER (WHERE s.settled = 'paid' OR s.settled IS NULL AND s.amount < 0), 0)
           AS personal_paid,
       max(s.settled_on) FILTER (WHERE s.settled = 'paid') AS paid_on,
       CASE WHEN sum(s.amount) FILTER (WHERE s.overdue) > 0 THEN 'arrears'
            WHEN sum(s.amount) FILTER (WHERE s.settled IS NULL) > 0 THEN 'not_yet_due'
            WHEN bool_or(s.settled = 'paid') THEN 'paid'
            WHEN bool_or(s.settled = 'written_off') THEN 'written_off'
            ELSE 'not_yet_due' END AS status
  FROM standing s
 GROUP BY s.person_id, s.month, s.scheme, s.payer_id
HAVING count(*) = 1 OR sum(s.employer_part) <> 0 OR sum(s.personal_part) <> 0

-- name: listed
-- The months as they are.
SELECT * FROM months

-- name: counted
-- In how many months each scheme was paid for, and since when.
SELECT m.person_id, m.scheme, count(DISTINCT m.month) AS months, min(m.month) AS since
  FROM months m
 WHERE m.status = 'paid'
 GROUP BY m.person_id, m.scheme

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
