-- name: one
-- The first.
SELECT 1
-- name: one
-- The second.
SELECT 2
