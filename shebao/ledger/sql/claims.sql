-- name: people
-- The people asked about, with the payer.
SELECT %(payer_id)s::bigint AS payer_id, p.person_id FROM unnest(%(person_ids)s::bigint[]) AS p(person_id)

-- name: lines
-- Of what is outstanding for them, that which is in arrears: all insurances, all months.
SELECT * FROM outstanding o WHERE o.overdue AND o.owed > 0

-- name: held
-- Arrears of these people that a slip asks for already, or an assessment holds.
SELECT s.person_id, max(p.number) AS slip_number, max(c.number) AS claim_number
  FROM standing s
  LEFT JOIN ledger_slipitem i ON i.person_id = s.person_id AND i.scheme = s.scheme AND i.payer_id = s.payer_id
   AND i.month = s.month AND i.line = s.line AND i.live
  LEFT JOIN ledger_slip p ON p.id = i.slip_id
  LEFT JOIN ledger_claimitem h ON h.person_id = s.person_id AND h.scheme = s.scheme AND h.payer_id = s.payer_id
   AND h.month = s.month AND h.line = s.line AND h.live
  LEFT JOIN ledger_claim c ON c.id = h.claim_id
 WHERE s.overdue AND (i.slip_id IS NOT NULL OR h.claim_id IS NOT NULL)
 GROUP BY s.person_id

-- name: elsewhere
-- Those of these people for whom somebody else is in arrears.
SELECT DISTINCT d.person_id
  FROM ledger_due d
 WHERE d.person_id = ANY (%(person_ids)s::bigint[]) AND d.payer_id <> %(payer_id)s AND d.line = 1
   AND d.month <= %(overdue_until)s AND d.employer_part + d.personal_part > 0
   AND NOT EXISTS (SELECT FROM ledger_allocation a
                    WHERE a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id
                      AND a.month = d.month AND a.line = d.line)

-- name: by_month
-- What they come to by month, with the late fee.
SELECT f.month, count(DISTINCT f.person_id) AS persons, sum(f.employer_part) AS employer_part,
       sum(f.personal_part) AS personal_part, sum(f.fee) AS late_fee, sum(f.amount) + sum(f.fee) AS total,
       bool_or(f.since IS NULL) AS without_day, min(f.since) AS since, max(f.days) AS days
  FROM fees f
 GROUP BY f.month
 ORDER BY f.month

-- name: serials
-- As many fresh ids as there are people.
SELECT nextval(pg_get_serial_sequence('ledger_claim', 'id')) AS id FROM generate_series(1, %(count)s)

-- name: hold
-- The lines of each person are held by that person's assessment, each with its late fee.
INSERT INTO ledger_claimitem (person_id, scheme, payer_id, month, line, claim_id, live, principal, since, until, parts,
                              fee)
SELECT f.person_id, f.scheme, f.payer_id, f.month, f.line, c.claim_id, true, f.principal, f.since, f.until, f.parts,
       f.fee
  FROM fees f
  JOIN unnest(%(person_ids)s::bigint[], %(claim_ids)s::bigint[]) AS c(person_id, claim_id)
    ON c.person_id = f.person_id

-- name: totals
-- What each of these assessments holds.
SELECT i.claim_id, count(*) AS items, min(i.month) AS first_month, max(i.month) AS last_month,
       sum(d.employer_part) AS employer_part, sum(d.personal_part) AS personal_part, sum(i.fee) AS late_fee
  FROM ledger_claimitem i
  JOIN ledger_due d ON d.person_id = i.person_id AND d.scheme = i.scheme AND d.payer_id = i.payer_id
   AND d.month = i.month AND d.line = i.line
 WHERE i.claim_id = ANY (%(claim_ids)s::bigint[])
 GROUP BY i.claim_id

-- name: claimed
-- The due lines that these assessments hold.
SELECT d.person_id, d.scheme, d.payer_id, d.month, d.line, d.run_id, d.employer_part, d.personal_part,
       d.employer_part + d.personal_part AS amount, i.claim_id
  FROM ledger_claimitem i
  JOIN ledger_due d ON d.person_id = i.person_id AND d.scheme = i.scheme AND d.payer_id = i.payer_id
   AND d.month = i.month AND d.line = i.line
 WHERE i.claim_id = ANY (%(claim_ids)s::bigint[]) AND i.live

-- name: listed
-- A payer's assessments with their person, newest first, one page.
SELECT c.id, c.number, c.state, c.person_id, p.name, p.id_number, c.first_month, c.last_month, c.items,
       c.employer_part, c.personal_part, c.late_fee, c.fee_until, c.employer_part + c.personal_part AS amount,
       c.employer_part + c.personal_part + c.late_fee AS total, c.made_at, c.closed_at, s.number AS slip_number
  FROM ledger_claim c
  JOIN registry_person p ON p.id = c.person_id
  LEFT JOIN ledger_slip s ON s.id = c.slip_id
 WHERE c.payer_id = %(payer_id)s AND (%(states)s::text[] IS NULL OR c.state = ANY (%(states)s::text[]))
   AND (%(numbers)s::text[] IS NULL OR c.number = ANY (%(numbers)s::text[]))
   AND (%(search)s = '' OR c.number = %(search)s OR p.name LIKE %(search)s || '%%' OR p.id_number = %(search)s)
   AND (%(before)s::bigint IS NULL OR c.id < %(before)s::bigint)
 ORDER BY c.id DESC
 LIMIT %(limit)s

-- name: by_claim
-- What a slip over these assessments would ask for, each with its late fee.
SELECT f.claim_id, sum(f.amount) AS amount, sum(f.fee) AS late_fee, sum(f.amount) + sum(f.fee) AS total
  FROM fees f
 GROUP BY f.claim_id

-- name: put_on_slip
-- The lines of these assessments go on a slip.
INSERT INTO ledger_slipitem (person_id, scheme, payer_id, month, line, slip_id, live)
SELECT l.person_id, l.scheme, l.payer_id, l.month, l.line, %(slip_id)s, true FROM lines l

-- name: charge
-- The slip asks for the late fee of each of its late lines.
INSERT INTO ledger_latefee (person_id, scheme, payer_id, month, line, slip_id, live, principal, since, until, parts,
                            fee)
SELECT f.person_id, f.scheme, f.payer_id, f.month, f.line, %(slip_id)s, true, f.principal, f.since, f.until, f.parts,
       f.fee
  FROM fees f
 WHERE f.fee > 0

-- name: fee_of_slip
-- The late fee that a slip asks for.
SELECT coalesce(sum(f.fee), 0.00) AS late_fee FROM ledger_latefee f WHERE f.slip_id = %(slip_id)s

-- name: fees_by_month
-- The late fee of a slip by month, and how it was worked out: the days of each rate are those of every line of a month
-- that has the same first late day.
SELECT f.month, f.since, f.until, f.parts, count(DISTINCT f.person_id) AS persons, sum(f.principal) AS principal,
       sum(f.fee) AS fee
  FROM ledger_latefee f
 WHERE f.slip_id = %(slip_id)s
 GROUP BY f.month, f.since, f.until, f.parts
 ORDER BY f.month, f.since

-- name: person_months
-- What a slip asks for each person, month and scheme, with the late fee, in the order of people.
SELECT i.person_id, p.name, p.id_number, p.personal_number, i.month, i.scheme,
       (array_agg(d.base ORDER BY d.line DESC))[1] AS base,
       sum(d.employer_part) AS employer_part, sum(d.personal_part) AS personal_part,
       coalesce(sum(f.fee), 0.00) AS late_fee,
       sum(d.employer_part + d.personal_part) + coalesce(sum(f.fee), 0.00) AS total
  FROM ledger_slipitem i
  JOIN ledger_due d ON d.person_id = i.person_id AND d.scheme = i.scheme AND d.payer_id = i.payer_id
   AND d.month = i.month AND d.line = i.line
  JOIN registry_person p ON p.id = i.person_id
  LEFT JOIN ledger_latefee f ON f.person_id = i.person_id AND f.scheme = i.scheme AND f.payer_id = i.payer_id
   AND f.month = i.month AND f.line = i.line AND f.slip_id = i.slip_id
 WHERE i.slip_id = %(slip_id)s
 GROUP BY i.person_id, p.name, p.id_number, p.personal_number, i.month, i.scheme
 ORDER BY i.person_id, i.month, i.scheme

