-- name: lock
-- Deeds that settle dues of a payer (slips, write-offs) follow one another: payers have no common table to lock a row in.
SELECT pg_advisory_xact_lock(hashint8(p.payer_id))
  FROM (SELECT DISTINCT payer_id FROM unnest(%(payer_ids)s::bigint[]) AS asked(payer_id) ORDER BY payer_id) p

-- name: open_months
-- The months in which these payers have something open, as their bills count; all of them are employers, or we can't say.
SELECT (SELECT count(*) FROM registry_employer e WHERE e.id = ANY (%(payer_ids)s::bigint[]))
       = (SELECT count(DISTINCT payer_id) FROM unnest(%(payer_ids)s::bigint[]) AS asked(payer_id)) AS known,
       (SELECT array_agg(DISTINCT b.month ORDER BY b.month)
          FROM ledger_bill b
         WHERE b.payer_id = ANY (%(payer_ids)s::bigint[]) AND b.lines > b.settled) AS months

-- name: with_open_bills
-- Those of these payers whose bills up to a month have something open.
SELECT DISTINCT b.payer_id
  FROM ledger_bill b
 WHERE b.payer_id = ANY (%(payer_ids)s::bigint[]) AND b.lines > b.settled AND b.month <= %(until)s
 ORDER BY b.payer_id

-- name: employers
-- Those of these payers that are employers.
SELECT e.id FROM registry_employer e WHERE e.id = ANY (%(payer_ids)s::bigint[]) ORDER BY e.id

-- name: people
-- Everybody who is or ever was with these payers: where their dues are looked for, as dues are kept by person.
SELECT DISTINCT e.payer_id, e.person_id
  FROM registry_enrolment e
 WHERE e.payer_id = ANY (%(payer_ids)s::bigint[])
