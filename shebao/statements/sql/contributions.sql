-- name: dues
-- Every due line of an employer's people with it in the period; the ledger's relation `standing` reads it.
SELECT d.*
  FROM people w
  JOIN ledger_due d ON d.person_id = w.person_id AND d.payer_id = w.payer_id
   AND d.month BETWEEN %(first)s AND %(last)s

-- name: allocations
-- What settled them.
SELECT a.*
  FROM people w
  JOIN ledger_allocation a ON a.person_id = w.person_id AND a.payer_id = w.payer_id
   AND a.month BETWEEN %(first)s AND %(last)s

-- name: sums
-- What the employer itself was billed for each of its people, and what became of it: by insurance, and (without one) in
-- all. Insurances that its people pay alone are left out.
SELECT m.person_id, p.name, p.id_number, m.scheme, count(DISTINCT m.month) AS months,
       min(m.month) AS first_month, max(m.month) AS last_month,
       sum(m.employer) AS due, sum(m.employer_paid) AS paid,
       coalesce(sum(m.employer - m.employer_paid) FILTER (WHERE m.status = 'arrears'), 0) AS arrears,
       coalesce(sum(m.employer - m.employer_paid) FILTER (WHERE m.status = 'not_yet_due'), 0) AS not_yet_due,
       array_agg(DISTINCT m.terms_id) AS terms_ids
  FROM months m
  JOIN registry_person p ON p.id = m.person_id
 WHERE m.employer <> 0
 GROUP BY GROUPING SETS ((m.person_id, p.name, p.id_number, m.scheme), (m.person_id, p.name, p.id_number))
 ORDER BY m.person_id, m.scheme NULLS FIRST

-- name: employer
-- Whose statement it is.
SELECT number, name, uscc
  FROM registry_employer
 WHERE id = %(employer_id)s

-- name: concerns
-- A line for one person, if the employer was billed for him in the period.
SELECT 1 AS billed
  FROM ledger_due
 WHERE person_id = %(person_id)s AND payer_id = %(employer_id)s AND month BETWEEN %(first)s AND %(last)s
 LIMIT 1
