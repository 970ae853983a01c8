-- name: lock
-- Deeds that settle dues of a payer (slips, write-offs) follow one another: payers have no common table to lock a row in.
SELECT pg_advisory_xact_lock(hashint8(p.payer_id))
  FROM (SELECT DISTINCT payer_id FROM unnest(%(payer_ids)s::bigint[]) AS asked(payer_id) ORDER BY payer_id) p

-- name: people
-- Everybody who is or ever was with these payers: where their dues are looked for, as dues are kept by person.
SELECT DISTINCT e.payer_id, e.person_id
  FROM registry_enrolment e
 WHERE e.payer_id = ANY (%(payer_ids)s::bigint[])
