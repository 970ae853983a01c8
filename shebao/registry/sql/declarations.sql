-- name: declarable
-- Who is on an employer's roster of the month before the base year, still with it in the first month, and not declared
-- yet. The wage is that of the month before. Of these people, or (null) of all.
SELECT r.person_id, p.id_number, p.name, r.wage
  FROM (SELECT e.person_id, max(e.declared_wage) FILTER (WHERE e.starts <= %(before)s) AS wage
          FROM registry_enrolment e
         WHERE e.payer_id = %(payer_id)s AND e.kind = 'employee' AND e.reversed_by = ''
           AND e.starts <= %(first)s AND (e.ends IS NULL OR e.ends >= %(before)s)
           AND (%(person_ids)s::bigint[] IS NULL OR e.person_id = ANY (%(person_ids)s::bigint[]))
         GROUP BY e.person_id
        HAVING bool_or(e.starts <= %(before)s) AND bool_or(e.ends IS NULL OR e.ends >= %(first)s)) r
  JOIN registry_person p ON p.id = r.person_id
 WHERE NOT EXISTS (SELECT FROM registry_wagedeclaration d
                    WHERE d.person_id = r.person_id AND d.payer_id = %(payer_id)s AND d.year = %(year)s
                      AND d.superseded_by = '' AND d.how = 'declared')
 ORDER BY r.person_id

-- name: split
-- The periods that the new wage runs through: an open one ends with the month before; one that began with the first month,
-- or has ended meanwhile, is reversed and written anew by `resume`.
UPDATE registry_enrolment e
   SET ends = CASE WHEN e.ends IS NULL AND e.starts < %(first)s THEN %(before)s::date ELSE e.ends END,
       reason = CASE WHEN e.ends IS NULL AND e.starts < %(first)s THEN 'wage' ELSE e.reason END,
       closed_source = CASE WHEN e.ends IS NULL AND e.starts < %(first)s THEN w.source ELSE e.closed_source END,
       reversed_by = CASE WHEN e.ends IS NULL AND e.starts < %(first)s THEN '' ELSE w.source END
  FROM unnest(%(person_ids)s::bigint[], %(payer_ids)s::bigint[], %(schemes)s::text[], %(sources)s::text[])
       AS w(person_id, payer_id, scheme, source)
 WHERE e.person_id = w.person_id AND e.payer_id = w.payer_id AND (w.scheme = '' OR w.scheme = e.scheme)
   AND e.kind = 'employee' AND e.reversed_by = ''
   AND e.starts <= %(first)s AND (e.ends IS NULL OR e.ends >= %(first)s)

-- name: resume
-- What was split goes on from the first month with the new wage; what stood before the first month in a reversed period
-- stands again as it was.
WITH w AS (
  SELECT *
    FROM unnest(%(person_ids)s::bigint[], %(payer_ids)s::bigint[], %(schemes)s::text[], %(wages)s::numeric[],
                %(sources)s::text[]) AS w(person_id, payer_id, scheme, wage, source)),
split AS (
  SELECT e.*, w.wage, w.source AS by_source
    FROM registry_enrolment e
    JOIN w ON w.person_id = e.person_id AND w.payer_id = e.payer_id AND (w.scheme = '' OR w.scheme = e.scheme)
   WHERE e.kind = 'employee'
     AND (e.reversed_by = w.source OR (e.closed_source = w.source AND e.ends = %(before)s))),
written AS (
  SELECT person_id, scheme, %(first)s::date AS starts, CASE WHEN reversed_by = '' THEN NULL ELSE ends END AS ends,
         wage, by_source AS source,
         CASE WHEN reversed_by = '' THEN '' ELSE reason END AS reason,
         CASE WHEN reversed_by = '' THEN '' ELSE closed_source END AS closed_source,
         payer_id, kind, tier, hired_on, opened_late
    FROM split
   UNION ALL
  SELECT person_id, scheme, starts, %(before)s::date, declared_wage, source, 'wage', by_source,
         payer_id, kind, tier, hired_on, opened_late
    FROM split
   WHERE reversed_by <> '' AND starts < %(first)s)
INSERT INTO registry_enrolment (person_id, scheme, starts, version, ends, payer_id, kind, declared_wage, tier, hired_on,
                                opened_late, reason, source, closed_source, reversed_by)
SELECT n.person_id, n.scheme, n.starts,
       1 + coalesce((SELECT max(e.version) FROM registry_enrolment e
                      WHERE e.person_id = n.person_id AND e.scheme = n.scheme AND e.starts = n.starts), 0),
       n.ends, n.payer_id, n.kind, n.wage, n.tier, n.hired_on, n.opened_late, n.reason, n.source, n.closed_source, ''
  FROM written n

-- name: supersede
-- What counted for the year until now counts no more.
UPDATE registry_wagedeclaration d
   SET superseded_by = w.source
  FROM unnest(%(person_ids)s::bigint[], %(payer_ids)s::bigint[], %(sources)s::text[]) AS w(person_id, payer_id, source)
 WHERE d.person_id = w.person_id AND d.payer_id = w.payer_id AND d.year = %(year)s AND d.superseded_by = ''

-- name: declare
-- What counts for the year from now on.
INSERT INTO registry_wagedeclaration (person_id, payer_id, year, version, how, wage, source, superseded_by, declared_at)
SELECT w.person_id, w.payer_id, %(year)s,
       1 + coalesce((SELECT max(d.version) FROM registry_wagedeclaration d
                      WHERE d.person_id = w.person_id AND d.payer_id = w.payer_id AND d.year = %(year)s), 0),
       %(how)s, w.wage, w.source, '', %(now)s
  FROM unnest(%(person_ids)s::bigint[], %(payer_ids)s::bigint[], %(wages)s::numeric[], %(sources)s::text[])
       AS w(person_id, payer_id, wage, source)

-- name: retirees
-- An employer's retirees outside the city's pool who aren't declared for the year yet, with what was declared last.
SELECT r.person_id, p.id_number, p.name,
       (SELECT d.wage FROM registry_wagedeclaration d
         WHERE d.person_id = r.person_id AND d.payer_id = r.payer_id AND d.how = 'pension' AND d.superseded_by = ''
           AND d.year < %(year)s
         ORDER BY d.year DESC LIMIT 1) AS pension
  FROM registry_outsideretiree r
  JOIN registry_person p ON p.id = r.person_id
 WHERE r.payer_id = %(payer_id)s AND r.starts <= %(before)s AND (r.ends IS NULL OR r.ends >= %(first)s)
   AND p.died_on IS NULL
   AND (%(person_ids)s::bigint[] IS NULL OR r.person_id = ANY (%(person_ids)s::bigint[]))
   AND NOT EXISTS (SELECT FROM registry_wagedeclaration d
                    WHERE d.person_id = r.person_id AND d.payer_id = r.payer_id AND d.year = %(year)s
                      AND d.superseded_by = '')
 ORDER BY r.person_id
