-- name: supersede
-- Ends statements that are still valid in favour of newer ones of the same person, kind and period.
UPDATE statements_statement s
   SET state = 'superseded', ended_at = %(at)s, ended_by = %(by)s, superseded_by = n.by_serial
  FROM unnest(%(person_ids)s::bigint[], %(serials)s::text[], %(by_serials)s::text[]) AS n(person_id, serial, by_serial)
 WHERE s.person_id = n.person_id AND s.serial = n.serial AND s.state = 'valid'
