-- name: supersede_by_person_id
-- Ends statements that are still valid in favour of newer ones of the same person, kind and period.
UPDATE statements_statement s
   SET state = 'superseded', ended_at = %(at)s, ended_by = %(by)s, superseded_by = n.by_serial
  FROM unnest(%(owner_ids)s::bigint[], %(serials)s::text[], %(by_serials)s::text[]) AS n(owner_id, serial, by_serial)
 WHERE s.person_id = n.owner_id AND s.serial = n.serial AND s.state = 'valid'

-- name: supersede_by_employer_id
-- The same for statements of employers.
UPDATE statements_employerstatement s
   SET state = 'superseded', ended_at = %(at)s, ended_by = %(by)s, superseded_by = n.by_serial
  FROM unnest(%(owner_ids)s::bigint[], %(serials)s::text[], %(by_serials)s::text[]) AS n(owner_id, serial, by_serial)
 WHERE s.employer_id = n.owner_id AND s.serial = n.serial AND s.state = 'valid'
