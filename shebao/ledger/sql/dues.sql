-- name: citations
-- Which of these terms posted dues name, and between which months. Reads all years: asked only when terms would change.
SELECT terms_id, min(month) AS first, max(month) AS last
  FROM ledger_due
 WHERE terms_id = ANY (%(terms_ids)s::int[])
 GROUP BY terms_id
