-- name: standings
-- What the archive knows of each ID number asked about: the person, and every period that reaches into the months from `since` on.
SELECT k.value AS id_number, p.id AS person_id, p.personal_number, p.name, p.sex, p.birth_date, p.retired_from,
       p.died_on, p.photo <> '' AS has_photo, p.special_group,
       EXISTS (SELECT FROM registry_enrolment e
                WHERE e.person_id = p.id AND e.reversed_by = '' AND e.kind <> 'resident') AS ever_enrolled,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                            'scheme', e.scheme, 'payer_id', e.payer_id, 'kind', e.kind, 'payer_name', m.name,
                            'starts', e.starts, 'ends', e.ends, 'wage', e.declared_wage::text)
                        ORDER BY e.scheme, e.starts)
                   FROM registry_enrolment e
                   LEFT JOIN registry_employer m ON m.id = e.payer_id
                  WHERE e.person_id = p.id AND e.reversed_by = ''
                    AND (e.ends IS NULL OR e.ends >= %(since)s)), '[]') AS periods
  FROM unnest(%(id_numbers)s::text[]) AS asked(id_number)
  JOIN registry_personkey k ON k.kind = 'id_number' AND k.value = asked.id_number
  JOIN registry_person p ON p.id = k.person_id

-- name: lock
-- Effects on people take their rows first and in one order, so that two effects wait for each other instead of crossing.
SELECT p.id
  FROM registry_person p
  JOIN registry_personkey k ON k.person_id = p.id AND k.kind = 'id_number'
 WHERE k.value = ANY (%(id_numbers)s::text[])
 ORDER BY p.id
   FOR UPDATE OF p

-- name: ids
-- The person behind each ID number that the archive knows.
SELECT k.value AS id_number, k.person_id
  FROM registry_personkey k
 WHERE k.kind = 'id_number' AND k.value = ANY (%(id_numbers)s::text[])

-- name: numbers
-- As many fresh party numbers as are asked for.
SELECT nextval('registry_party_number') FROM generate_series(1, %(count)s)

-- name: add
-- New people of the archive.
INSERT INTO registry_person (id, id_number, personal_number, name, sex, birth_date, mobile, email, address,
                             bank_tail, photo, special_group, source, created_at)
SELECT n.id, n.id_number, n.personal_number, n.name, n.sex, n.birth_date, n.mobile, '', '', '', '', '',
       n.source, now()
  FROM unnest(%(ids)s::bigint[], %(id_numbers)s::text[], %(personal_numbers)s::text[], %(names)s::text[],
              %(sexes)s::text[], %(birth_dates)s::date[], %(mobiles)s::text[], %(sources)s::text[])
       AS n(id, id_number, personal_number, name, sex, birth_date, mobile, source)

-- name: add_keys
-- The numbers that lead to them; a number that already leads to somebody breaks the whole write.
INSERT INTO registry_personkey (kind, value, person_id)
SELECT 'id_number', n.id_number, n.id
  FROM unnest(%(ids)s::bigint[], %(id_numbers)s::text[]) AS n(id, id_number)
UNION ALL
SELECT 'personal_number', n.personal_number, n.id
  FROM unnest(%(ids)s::bigint[], %(personal_numbers)s::text[]) AS n(id, personal_number)

-- name: archive
-- What a registration is compared with: one person by his ID number.
SELECT p.id AS person_id, p.id_number, p.personal_number, p.name, p.mobile, p.bank_tail,
       coalesce((SELECT array_agg(c.value) FROM registry_personkey c
                  WHERE c.person_id = p.id AND c.kind = 'card_number'), '{}') AS card_numbers,
       EXISTS (SELECT FROM registry_enrolment e WHERE e.person_id = p.id AND e.reversed_by = '') AS insured
  FROM registry_personkey k
  JOIN registry_person p ON p.id = k.person_id
 WHERE k.kind = 'id_number' AND k.value = %(id_number)s
