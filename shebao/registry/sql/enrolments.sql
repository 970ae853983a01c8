-- name: open_many
-- Opens a period for each opening; one that replaces a reversed period of the same month gets the next version.
INSERT INTO registry_enrolment (person_id, scheme, starts, version, payer_id, kind, declared_wage, tier, hired_on,
                                opened_late, reason, source, closed_source, reversed_by)
SELECT o.person_id, o.scheme, o.starts,
       1 + coalesce((SELECT max(e.version) FROM registry_enrolment e
                      WHERE e.person_id = o.person_id AND e.scheme = o.scheme AND e.starts = o.starts), 0),
       o.payer_id, o.kind, o.declared_wage, o.tier, o.hired_on, o.opened_late, '', o.source, '', ''
  FROM unnest(%(person_ids)s::bigint[], %(schemes)s::text[], %(starts)s::date[], %(payer_ids)s::bigint[],
              %(kinds)s::text[], %(declared_wages)s::numeric[], %(tiers)s::numeric[], %(hired_on)s::date[],
              %(opened_late)s::boolean[], %(sources)s::text[])
       AS o(person_id, scheme, starts, payer_id, kind, declared_wage, tier, hired_on, opened_late, source)

-- name: overlapping
-- Of these people: the periods of one scheme that cover a month twice. Must be empty after every write.
SELECT a.person_id, a.scheme, a.starts, b.starts AS other_starts
  FROM registry_enrolment a
  JOIN registry_enrolment b
    ON b.person_id = a.person_id AND b.scheme = a.scheme AND (b.starts, b.version) > (a.starts, a.version)
   AND b.reversed_by = '' AND b.starts <= coalesce(a.ends, 'infinity'::date)
 WHERE a.person_id = ANY (%(person_ids)s::bigint[]) AND a.reversed_by = ''
 LIMIT 1

-- name: close_many
-- Ends all that these people have with this payer after the given month. What begins later still (a new wage from the
-- next month on) is reversed, and the period that had made room for it ends for the leaver's reason; whoever has nothing
-- but such periods is left alone.
UPDATE registry_enrolment e
   SET ends = CASE WHEN e.starts <= %(ends)s THEN %(ends)s ELSE e.ends END,
       reason = CASE WHEN e.starts <= %(ends)s THEN l.reason ELSE e.reason END,
       closed_source = CASE WHEN e.starts <= %(ends)s THEN l.source ELSE e.closed_source END,
       reversed_by = CASE WHEN e.starts <= %(ends)s THEN '' ELSE l.source END
  FROM unnest(%(person_ids)s::bigint[], %(reasons)s::text[], %(sources)s::text[]) AS l(person_id, reason, source)
 WHERE e.person_id = l.person_id AND e.payer_id = %(payer_id)s AND e.reversed_by = ''
   AND (e.ends IS NULL OR e.ends > %(ends)s OR (e.ends = %(ends)s AND e.reason = 'wage'))
   AND EXISTS (SELECT FROM registry_enrolment b
                WHERE b.person_id = e.person_id AND b.payer_id = e.payer_id AND b.reversed_by = ''
                  AND b.starts <= %(ends)s AND (b.ends IS NULL OR b.ends >= %(ends)s))
RETURNING e.person_id

-- name: stretches
-- From when to when each of `people` was with an employer without a break: a new wage closes one period and opens the
-- next, and that is no break; one month without any period is. `ends` is infinity while it goes on.
SELECT person_id, min(starts) AS starts, max(ends) AS ends
  FROM (SELECT person_id, starts, ends, count(*) FILTER (WHERE after_a_gap) OVER (PARTITION BY person_id ORDER BY starts) AS stretch
          FROM (SELECT e.person_id, e.starts, coalesce(e.ends, 'infinity'::date) AS ends,
                       e.starts > max(coalesce(e.ends, 'infinity'::date)) OVER (
                           PARTITION BY e.person_id ORDER BY e.starts
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + interval '1 month' AS after_a_gap
                  FROM registry_enrolment e
                 WHERE e.payer_id = %(payer_id)s AND e.reversed_by = '' AND e.kind = 'employee'
                   AND e.person_id IN (SELECT person_id FROM people)) AS periods) AS numbered
 GROUP BY person_id, stretch

-- name: people_now
-- One page of the people with an open period at this employer, in the order of their numbers.
SELECT p.id AS person_id, p.id_number, p.personal_number, p.name, r.wage, r.schemes
  FROM (SELECT e.person_id, max(e.declared_wage) AS wage, array_agg(e.scheme ORDER BY e.scheme) AS schemes
          FROM registry_enrolment e
         WHERE e.payer_id = %(payer_id)s AND e.person_id > %(after)s AND e.ends IS NULL AND e.reversed_by = ''
           AND e.kind = 'employee'
         GROUP BY e.person_id
         ORDER BY e.person_id
         LIMIT CASE WHEN %(search)s = '' THEN %(limit)s::int END) r
  JOIN registry_person p ON p.id = r.person_id
 WHERE %(search)s = '' OR p.id_number = %(search)s OR p.personal_number = %(search)s
    OR p.name LIKE %(search)s || '%%'
 ORDER BY p.id
 LIMIT %(limit)s

-- name: roster
-- `people` with the first month of their present stretch.
SELECT p.*, s.starts
  FROM people p
  JOIN stretches s ON s.person_id = p.person_id AND s.ends = 'infinity'
 ORDER BY p.person_id

-- name: of_person
-- Every period of a person that was not reversed, newest first, with the payer's name.
SELECT e.scheme, e.kind, e.starts, e.ends, e.payer_id, m.name AS payer_name, e.declared_wage, e.tier
  FROM registry_enrolment e
  LEFT JOIN registry_employer m ON m.id = e.payer_id
 WHERE e.person_id = %(person_id)s AND e.reversed_by = ''
 ORDER BY e.starts DESC, e.scheme

-- name: left_with
-- How many people stay enrolled with a payer, and how many of the others are until a month or longer.
SELECT count(*) FILTER (WHERE stays) AS stay, count(*) FILTER (WHERE NOT stays) AS until_then
  FROM (SELECT e.person_id, bool_or(e.ends IS NULL) AS stays
          FROM registry_enrolment e
         WHERE e.payer_id = %(payer_id)s AND e.reversed_by = '' AND (e.ends IS NULL OR e.ends >= %(month)s)
         GROUP BY e.person_id) AS people

-- name: people_of
-- Whoever was with a payer in a month or later.
SELECT DISTINCT e.person_id
  FROM registry_enrolment e
 WHERE e.payer_id = %(payer_id)s AND e.reversed_by = '' AND (e.ends IS NULL OR e.ends >= %(since)s)

-- name: change_wages
-- Ends these people's periods with this payer before the month, and goes on from it with the new wage; a period that
-- was to end later still does.
WITH asked AS (
  SELECT * FROM unnest(%(person_ids)s::bigint[], %(wages)s::numeric[], %(sources)s::text[]) AS a(person_id, wage, source)
), there AS (
  SELECT e.*, a.wage, a.source AS asked_by
    FROM asked a
    JOIN registry_enrolment e ON e.person_id = a.person_id
   WHERE e.payer_id = %(payer_id)s AND e.reversed_by = '' AND e.kind = 'employee'
     AND e.starts < %(starts)s AND (e.ends IS NULL OR e.ends >= %(starts)s)
), closed AS (
  UPDATE registry_enrolment e
     SET ends = (%(starts)s::date - interval '1 month')::date, reason = 'wage', closed_source = t.asked_by
    FROM there t
   WHERE (e.person_id, e.scheme, e.starts, e.version) = (t.person_id, t.scheme, t.starts, t.version)
  RETURNING t.*
)
INSERT INTO registry_enrolment (person_id, scheme, starts, version, ends, payer_id, kind, declared_wage, tier, hired_on,
                                opened_late, reason, source, closed_source, reversed_by)
SELECT t.person_id, t.scheme, %(starts)s,
       1 + coalesce((SELECT max(e.version) FROM registry_enrolment e
                      WHERE e.person_id = t.person_id AND e.scheme = t.scheme AND e.starts = %(starts)s), 0),
       t.ends, t.payer_id, t.kind, t.wage, t.tier, t.hired_on, false, t.reason, t.asked_by, t.closed_source, ''
  FROM closed t
RETURNING person_id
