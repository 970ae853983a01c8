-- name: people_of_month
-- One page of the people whom an employer had in a month, in the order of their numbers.
SELECT e.person_id, min(e.hired_on) AS hired_on, max(e.declared_wage) AS wage,
       array_agg(DISTINCT e.scheme ORDER BY e.scheme) AS schemes
  FROM registry_enrolment e
 WHERE e.payer_id = %(payer_id)s AND e.person_id > %(after)s AND e.reversed_by = '' AND e.kind = 'employee'
   AND e.starts <= %(month)s AND (e.ends IS NULL OR e.ends >= %(month)s)
   AND (%(person_ids)s::bigint[] IS NULL OR e.person_id = ANY (%(person_ids)s::bigint[]))
   AND (%(name)s = '' OR EXISTS (SELECT FROM registry_person n
                                  WHERE n.id = e.person_id AND starts_with(n.name, %(name)s)))
 GROUP BY e.person_id
HAVING %(scheme)s = '' OR bool_or(e.scheme = %(scheme)s)
 ORDER BY e.person_id
 LIMIT %(limit)s

-- name: of_month
-- `people` with the stretch that the month lies in, and the base that the month was assessed by.
SELECT p.id AS person_id, p.id_number, p.personal_number, p.name, r.hired_on, s.starts,
       nullif(s.ends, 'infinity'::date) AS ends, r.wage, r.schemes,
       (SELECT max(d.base)
          FROM (SELECT DISTINCT ON (d.scheme) d.base
                  FROM ledger_due d
                 WHERE d.person_id = r.person_id AND d.payer_id = %(payer_id)s AND d.month = %(month)s
                 ORDER BY d.scheme, d.line DESC) d) AS base
  FROM people r
  JOIN stretches s ON s.person_id = r.person_id AND %(month)s BETWEEN s.starts AND s.ends
  JOIN registry_person p ON p.id = r.person_id
 ORDER BY p.id

-- name: count_of_month
-- How many people that are.
SELECT count(*) AS people
  FROM (SELECT e.person_id
          FROM registry_enrolment e
         WHERE e.payer_id = %(payer_id)s AND e.reversed_by = '' AND e.kind = 'employee'
           AND e.starts <= %(month)s AND (e.ends IS NULL OR e.ends >= %(month)s)
           AND (%(person_ids)s::bigint[] IS NULL OR e.person_id = ANY (%(person_ids)s::bigint[]))
           AND (%(name)s = '' OR EXISTS (SELECT FROM registry_person n
                                          WHERE n.id = e.person_id AND starts_with(n.name, %(name)s)))
         GROUP BY e.person_id
        HAVING %(scheme)s = '' OR bool_or(e.scheme = %(scheme)s)) w

-- name: numbered
-- The person behind an ID number or a personal number.
SELECT k.person_id FROM registry_personkey k
 WHERE k.kind IN ('id_number', 'personal_number') AND k.value = %(value)s

-- name: periods
-- The periods of one person with one employer, newest first; reversed ones stay out.
SELECT e.scheme, e.starts, e.ends, e.declared_wage, e.hired_on, e.reason
  FROM registry_enrolment e
 WHERE e.person_id = %(person_id)s AND e.payer_id = %(payer_id)s AND e.reversed_by = '' AND e.kind = 'employee'
 ORDER BY e.starts DESC, e.scheme
