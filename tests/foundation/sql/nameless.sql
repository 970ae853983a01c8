-- name: unexplained
SELECT 1
