-- name: chained
-- The employer's periods around the month, all schemes of a person as one, each with its neighbours in time.
SELECT p.*, lag(p.ends) OVER w AS ended_before, lag(p.wage) OVER w AS wage_before, lead(p.starts) OVER w AS starts_again
  FROM (SELECT e.person_id, e.starts, CASE WHEN bool_and(e.ends IS NOT NULL) THEN max(e.ends) END AS ends,
               max(e.declared_wage) AS wage, min(e.source) AS source, min(e.closed_source) AS closed_source,
               min(e.reason) AS reason
          FROM registry_enrolment e
         WHERE e.payer_id = %(payer_id)s AND e.kind = 'employee' AND e.reversed_by = ''
           AND (e.starts BETWEEN %(since)s AND %(until)s OR e.ends BETWEEN %(since)s AND %(until)s)
         GROUP BY e.person_id, e.starts) p
WINDOW w AS (PARTITION BY p.person_id ORDER BY p.starts)

-- name: filed
-- The employer's cases and the month in which each was filed.
SELECT 'case:' || c.number AS ref, c.number, date_trunc('month', c.filed_on)::date AS month
  FROM casework_case c
 WHERE c.party_kind = 'employer' AND c.party_id = %(payer_id)s

-- name: movement
-- Who joined, who left, whose wage changed. A change belongs to the month in which its case was filed; one that came
-- from no case, to the month it counts from.
SELECT 1 AS place, 'joined' AS kind, p.person_id, p.starts AS counts, NULL::numeric AS wage_before, p.wage,
       '' AS reason, coalesce(f.number, '') AS case_number, coalesce(f.month, p.starts) AS month
  FROM chained p
  LEFT JOIN filed f ON f.ref = split_part(p.source, '/', 1)
 WHERE p.ended_before IS DISTINCT FROM (p.starts - interval '1 month')::date
UNION ALL
SELECT 2, 'left', p.person_id, p.ends, p.wage, NULL, p.reason, coalesce(f.number, ''), coalesce(f.month, p.ends)
  FROM chained p
  LEFT JOIN filed f ON f.ref = split_part(p.closed_source, '/', 1)
 WHERE p.ends IS NOT NULL AND p.starts_again IS DISTINCT FROM (p.ends + interval '1 month')::date
UNION ALL
SELECT 3, 'wage', p.person_id, p.starts, p.wage_before, p.wage, '', coalesce(f.number, ''), coalesce(f.month, p.starts)
  FROM chained p
  LEFT JOIN filed f ON f.ref = split_part(p.source, '/', 1)
 WHERE p.ended_before = (p.starts - interval '1 month')::date AND p.wage <> p.wage_before

-- name: page
-- One page of a month's movements with the people's names; the next begins after the last place, person and month.
SELECT m.place, m.kind, m.person_id, p.name, p.id_number, m.counts, m.wage_before, m.wage, m.reason, m.case_number
  FROM (SELECT * FROM movement
         WHERE month = %(month)s
           AND (place, person_id, counts) > (%(place)s::int, %(person)s::bigint, %(counts)s::date)
         ORDER BY place, person_id, counts
         LIMIT %(limit)s) m
  JOIN registry_person p ON p.id = m.person_id
 ORDER BY m.place, m.person_id, m.counts

-- name: counts
-- How many of each kind a month has.
SELECT kind, count(*) AS people FROM movement WHERE month = %(month)s GROUP BY kind
