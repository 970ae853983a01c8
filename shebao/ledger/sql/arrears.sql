-- name: dues_of_payers
-- Every due line of these payers up to a month.
SELECT d.*
  FROM people w
  JOIN ledger_due d ON d.person_id = w.person_id AND d.payer_id = w.payer_id
 WHERE d.month <= %(until)s AND (%(months)s::date[] IS NULL OR d.month = ANY (%(months)s::date[]))

-- name: dues_of_people
-- Every due line of one payer for these people up to a month.
SELECT d.*
  FROM ledger_due d
 WHERE d.person_id = ANY (%(person_ids)s::bigint[]) AND d.payer_id = %(payer_id)s AND d.month <= %(until)s
   AND (%(months)s::date[] IS NULL OR d.month = ANY (%(months)s::date[]))

-- name: standing
-- How each due line stands: settled and when, or open, or overdue. The months are said again for the allocations, so
-- that only their years are read.
-- A difference found later (line 2 and up) is overdue only when a deadline has passed since it was found, as it is
-- asked for with the month in which it was found; credits count at once.
SELECT d.person_id, d.scheme, d.payer_id, d.month, d.line, d.declared, d.base, d.terms_id,
       d.employer_part, d.personal_part, d.account_part, d.employer_part + d.personal_part AS amount,
       a.kind AS settled, a.settled_on,
       a.person_id IS NULL AND d.month <= %(overdue_until)s
       AND (d.line = 1 OR d.employer_part + d.personal_part < 0
            OR d.run_id <= (SELECT max(r.id) FROM ledger_run r WHERE r.started_at < %(found_before)s)) AS overdue
  FROM dues d
  LEFT JOIN ledger_allocation a ON a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id
   AND a.month = d.month AND a.line = d.line
   AND (%(months)s::date[] IS NULL OR a.month = ANY (%(months)s::date[]))

-- name: overdue
-- What each person, month and scheme still owes after the deadline.
SELECT s.payer_id, s.person_id, s.scheme, s.month,
       sum(s.employer_part) AS employer_part, sum(s.personal_part) AS personal_part, sum(s.amount) AS amount
  FROM standing s
 WHERE s.overdue
 GROUP BY s.payer_id, s.person_id, s.scheme, s.month
HAVING sum(s.amount) > 0

-- name: by_person
-- Each person in arrears: since when, until when, in which schemes, how much; one page in the order of the person's id.
SELECT o.person_id, p.name, p.id_number, min(o.month) AS first_month, max(o.month) AS last_month,
       count(DISTINCT o.month) AS months, array_agg(DISTINCT o.scheme ORDER BY o.scheme) AS schemes,
       sum(o.employer_part) AS employer_part, sum(o.personal_part) AS personal_part, sum(o.amount) AS amount
  FROM overdue o
  JOIN registry_person p ON p.id = o.person_id
 WHERE o.person_id > %(after)s
   AND (%(search)s = '' OR p.name LIKE %(search)s || '%%' OR p.id_number = %(search)s OR p.personal_number = %(search)s)
 GROUP BY o.person_id, p.name, p.id_number
 ORDER BY o.person_id
 LIMIT %(limit)s

-- name: by_month
-- A payer's arrears by month.
SELECT o.month, count(DISTINCT o.person_id) AS persons, array_agg(DISTINCT o.scheme ORDER BY o.scheme) AS schemes,
       sum(o.employer_part) AS employer_part, sum(o.personal_part) AS personal_part, sum(o.amount) AS amount
  FROM overdue o
 GROUP BY o.month
 ORDER BY o.month

-- name: by_payer
-- The arrears of several payers by month.
SELECT o.payer_id, o.month, count(DISTINCT o.person_id) AS persons,
       array_agg(DISTINCT o.scheme ORDER BY o.scheme) AS schemes,
       sum(o.employer_part) AS employer_part, sum(o.personal_part) AS personal_part, sum(o.amount) AS amount
  FROM overdue o
 GROUP BY o.payer_id, o.month
 ORDER BY o.payer_id, o.month

-- name: by_scheme
-- A payer's arrears by scheme.
SELECT o.scheme, count(DISTINCT o.person_id) AS persons, count(DISTINCT o.month) AS months,
       min(o.month) AS first_month, max(o.month) AS last_month,
       sum(o.employer_part) AS employer_part, sum(o.personal_part) AS personal_part, sum(o.amount) AS amount
  FROM overdue o
 GROUP BY o.scheme
 ORDER BY o.scheme

-- name: lines
-- What each person, month and scheme still owes, in the order of the person's id.
SELECT o.person_id, p.name, p.id_number, o.month, o.scheme, o.employer_part, o.personal_part, o.amount
  FROM overdue o
  JOIN registry_person p ON p.id = o.person_id
 ORDER BY o.person_id, o.month, o.scheme

-- name: names
-- How these people are called now.
SELECT p.id AS person_id, p.name, p.id_number FROM registry_person p WHERE p.id = ANY (%(person_ids)s::bigint[])
