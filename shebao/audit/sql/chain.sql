-- name: one_at_a_time
-- Sealing is done by one session; the others wait. The number is only this lock's name.
SELECT pg_advisory_xact_lock(7326518301)

-- name: lines
-- Each line of the audit with its digest: of all its columns, in a spelling that depends on no setting.
SELECT id,
       sha256(convert_to(jsonb_build_array(
           id, extract(epoch FROM at)::text, event, about, actor, actor_name, person_id, details
       )::text, 'UTF8')) AS digest
  FROM audit_event

-- name: seal
-- Close a number of waiting lines with a hash over them and over the seal before; nothing if none waits.
WITH taken AS (
    DELETE FROM audit_waiting
     WHERE event_id IN (SELECT event_id FROM audit_waiting ORDER BY event_id LIMIT %(most)s)
    RETURNING event_id
),
last AS (
    SELECT number, hash FROM audit_seal ORDER BY number DESC LIMIT 1
),
closed AS (
    SELECT coalesce((SELECT number FROM last), 0) + 1 AS number,
           count(*) AS events,
           range_agg(int8range(id, id + 1)) AS covers,
           string_agg(digest, '' ORDER BY id) AS digests
      FROM lines JOIN taken ON taken.event_id = lines.id
    HAVING count(*) > 0
)
INSERT INTO audit_seal (number, at, events, covers, hash)
SELECT number, %(at)s, events, covers,
       sha256(coalesce((SELECT hash FROM last), '') || int8send(number) || int8send(events) || sha256(digests))
  FROM closed
RETURNING number, events, encode(hash, 'hex') AS hash

-- name: broken_seals
-- Seals whose lines are missing or changed, that don't follow the one before, or whose number leaves a gap.
WITH seals AS (
    SELECT number, events, covers, hash,
           coalesce(lag(hash) OVER (ORDER BY number), '') AS hash_before,
           row_number() OVER (ORDER BY number) AS place
      FROM audit_seal
),
found AS (
    SELECT seals.number, count(lines.id) AS events, string_agg(lines.digest, '' ORDER BY lines.id) AS digests
      FROM seals
     CROSS JOIN unnest(seals.covers) AS stretch (ids)
      JOIN lines ON lines.id >= lower(stretch.ids) AND lines.id < upper(stretch.ids)
     GROUP BY seals.number
)
SELECT seals.number, seals.events, coalesce(found.events, 0) AS found,
       seals.place <> seals.number AS misplaced
  FROM seals LEFT JOIN found USING (number)
 WHERE seals.place <> seals.number
    OR seals.events IS DISTINCT FROM found.events
    OR seals.hash IS DISTINCT FROM sha256(
           seals.hash_before || int8send(seals.number) || int8send(seals.events) || sha256(found.digests))
 ORDER BY seals.number

-- name: totals
-- How many lines there are, how many are sealed, how many still wait, and the last seal.
SELECT (SELECT count(*) FROM audit_event) AS events,
       (SELECT coalesce(sum(events), 0)::bigint FROM audit_seal) AS sealed,
       (SELECT count(*) FROM audit_waiting JOIN audit_event ON audit_event.id = audit_waiting.event_id) AS waiting,
       (SELECT count(*) FROM audit_seal) AS seals,
       (SELECT encode(hash, 'hex') FROM audit_seal ORDER BY number DESC LIMIT 1) AS head

-- name: seal_with
-- The seal that has this hash.
SELECT number FROM audit_seal WHERE hash = decode(%(hash)s, 'hex')
