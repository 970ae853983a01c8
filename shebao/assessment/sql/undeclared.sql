-- name: people
-- Whose wage nobody declared for the base year: enrolled with an employer both in the month before it and in its first
-- month. Whole employers, behind the last one looked at, until there are enough people.
SELECT u.payer_id, u.person_id, u.id_number, u.name
  FROM (SELECT r.payer_id, r.person_id, p.id_number, p.name, min(r.number) OVER (PARTITION BY r.payer_id) AS begins
          FROM (SELECT g.*, row_number() OVER (ORDER BY g.payer_id, g.person_id) AS number
                  FROM (SELECT e.payer_id, e.person_id
                          FROM registry_enrolment e
                         WHERE e.kind = 'employee' AND e.reversed_by = '' AND e.payer_id > %(after)s
                           AND e.starts <= %(first)s AND (e.ends IS NULL OR e.ends >= %(before)s)
                         GROUP BY e.payer_id, e.person_id
                        HAVING bool_or(e.starts <= %(before)s) AND bool_or(e.ends IS NULL OR e.ends >= %(first)s)) g
                 WHERE NOT EXISTS (SELECT FROM registry_wagedeclaration d
                                    WHERE d.person_id = g.person_id AND d.payer_id = g.payer_id
                                      AND d.year = %(year)s AND d.superseded_by = '')) r
          JOIN registry_person p ON p.id = r.person_id) u
 WHERE u.begins <= %(most)s
 ORDER BY u.payer_id, u.person_id

-- name: bases
-- What the contribution base of each of them was in the month before, by scheme: as posted, or the wage declared then;
-- where a scheme's dues are a fixed amount, the highest of the others.
SELECT b.person_id, b.payer_id, b.scheme,
       coalesce(nullif(b.base, 0), max(b.base) OVER (PARTITION BY b.person_id, b.payer_id)) AS base
  FROM (SELECT e.person_id, e.payer_id, e.scheme,
               coalesce((SELECT d.base FROM ledger_due d
                          WHERE d.person_id = e.person_id AND d.scheme = e.scheme AND d.payer_id = e.payer_id
                            AND d.month = %(before)s
                          ORDER BY d.line DESC LIMIT 1),
                        (SELECT max(x.declared_wage) FROM registry_enrolment x
                          WHERE x.person_id = e.person_id AND x.payer_id = e.payer_id AND x.scheme = e.scheme
                            AND x.reversed_by = '' AND x.starts <= %(before)s
                            AND (x.ends IS NULL OR x.ends >= %(before)s)),
                        0) AS base
          FROM registry_enrolment e
          JOIN unnest(%(person_ids)s::bigint[], %(payer_ids)s::bigint[]) AS u(person_id, payer_id)
            ON u.person_id = e.person_id AND u.payer_id = e.payer_id
         WHERE e.kind = 'employee' AND e.reversed_by = '' AND e.starts <= %(first)s
           AND (e.ends IS NULL OR e.ends >= %(first)s)
           AND NOT EXISTS (SELECT FROM registry_wagedeclaration d
                            WHERE d.person_id = e.person_id AND d.payer_id = e.payer_id AND d.year = %(year)s
                              AND d.superseded_by = '')) b

-- name: employers
-- How many people of each employer nobody has declared for the base year, where the employer wasn't told of it.
SELECT g.payer_id, count(*) AS people
  FROM (SELECT e.payer_id, e.person_id
          FROM registry_enrolment e
         WHERE e.kind = 'employee' AND e.reversed_by = ''
           AND e.starts <= %(first)s AND (e.ends IS NULL OR e.ends >= %(before)s)
         GROUP BY e.payer_id, e.person_id
        HAVING bool_or(e.starts <= %(before)s) AND bool_or(e.ends IS NULL OR e.ends >= %(first)s)) g
 WHERE NOT EXISTS (SELECT FROM registry_wagedeclaration d
                    WHERE d.person_id = g.person_id AND d.payer_id = g.payer_id AND d.year = %(year)s
                      AND d.superseded_by = '')
   AND NOT EXISTS (SELECT FROM notices_notice n
                    WHERE n.recipient = 'employer:' || g.payer_id AND n.code = 'wages-undeclared-soon'
                      AND n.facts ->> 'year' = %(year)s::text)
 GROUP BY g.payer_id
