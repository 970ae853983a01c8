-- name: hold_party
-- Orders of one party follow one another, so that they can be counted.
SELECT pg_advisory_xact_lock(hashtext('exports:' || %(kind)s), hashint8(%(party_id)s))

-- name: claim
-- One writer at a time for an export; the lock ends with the writer's connection, however that ends.
SELECT pg_try_advisory_lock(hashtext('exports_export'), %(export_id)s::int)

-- name: release
-- The writer has finished.
SELECT pg_advisory_unlock(hashtext('exports_export'), %(export_id)s::int)
