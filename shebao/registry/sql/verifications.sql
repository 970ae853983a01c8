-- name: last
-- The last verification of each employer, and the day from which the next one is counted.
SELECT e.id, max(v.verified_on) AS last, greatest(e.registered_on, max(v.verified_on)) AS since
  FROM registry_employer e
  LEFT JOIN registry_verification v ON v.employer_id = e.id
 WHERE e.id = ANY (%(employer_ids)s::bigint[])
 GROUP BY e.id, e.registered_on

-- name: due
-- Employers in business that were registered, and last verified, before a day.
SELECT e.id, e.name, e.number, e.office_id
  FROM registry_employer e
 WHERE e.state = 'active' AND e.id > %(after)s AND e.registered_on <= %(before)s
   AND NOT EXISTS (SELECT FROM registry_verification v WHERE v.employer_id = e.id AND v.verified_on > %(before)s)
 ORDER BY e.id
 LIMIT %(limit)s

-- name: enrolled
-- How many people have an open period with a payer.
SELECT count(DISTINCT person_id) AS persons
  FROM registry_enrolment
 WHERE payer_id = %(payer_id)s AND ends IS NULL AND reversed_by = ''
