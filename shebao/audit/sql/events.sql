-- name: record
-- One line; its moment is the city's clock, handed in.
INSERT INTO audit_event (at, event, about, actor, actor_name, person_id, details)
VALUES (%(at)s, %(event)s, %(about)s, %(actor)s, %(actor_name)s, %(person_id)s, %(details)s)

-- name: record_for_each
-- The same line for every person of a list.
INSERT INTO audit_event (at, event, about, actor, actor_name, person_id, details)
SELECT %(at)s, %(event)s, %(about)s, %(actor)s, %(actor_name)s, person_id, %(details)s
  FROM unnest(%(person_ids)s::bigint[]) AS seen (person_id)
 ORDER BY person_id
