-- name: on_file
-- The general particulars of each ID number that the archive knows.
SELECT k.value AS id_number, p.education, p.marital_state, p.ethnicity, p.mobile, p.phone, p.hukou_place, p.address,
       p.photo
  FROM registry_personkey k
  JOIN registry_person p ON p.id = k.person_id
 WHERE k.kind = 'id_number' AND k.value = ANY (%(id_numbers)s::text[])

-- name: keep
-- Writes down each field that is going to differ, with what stands there now.
INSERT INTO registry_personchange (person_id, source, field, before, after, by_name, changed_at)
SELECT a.person_id, a.source, f.key, to_jsonb(p) ->> f.key, f.value, %(by_name)s, %(now)s
  FROM unnest(%(person_ids)s::bigint[], %(fields)s::jsonb[], %(sources)s::text[]) AS a(person_id, fields, source)
  JOIN registry_person p ON p.id = a.person_id
 CROSS JOIN LATERAL jsonb_each_text(a.fields) AS f
 WHERE to_jsonb(p) ->> f.key <> f.value

-- name: amend
-- Lets the new particulars stand; a field that isn't named stays.
UPDATE registry_person p
   SET education = coalesce(a.fields ->> 'education', p.education),
       marital_state = coalesce(a.fields ->> 'marital_state', p.marital_state),
       ethnicity = coalesce(a.fields ->> 'ethnicity', p.ethnicity),
       mobile = coalesce(a.fields ->> 'mobile', p.mobile),
       phone = coalesce(a.fields ->> 'phone', p.phone),
       hukou_place = coalesce(a.fields ->> 'hukou_place', p.hukou_place),
       address = coalesce(a.fields ->> 'address', p.address),
       photo = coalesce(a.fields ->> 'photo', p.photo)
  FROM unnest(%(person_ids)s::bigint[], %(fields)s::jsonb[]) AS a(person_id, fields)
 WHERE p.id = a.person_id
