-- name: lock
-- One load at a time; it ends with the transaction.
SELECT pg_advisory_xact_lock(hashtext('shebao.policy.load'))

-- name: state
-- What is loaded, for the health page.
SELECT count(*) AS figures, count(*) FILTER (WHERE synthetic) AS synthetic,
       count(*) FILTER (WHERE review_due < %(today)s) AS overdue,
       array_agg(DISTINCT city ORDER BY city) FILTER (WHERE city <> 'china') AS cities
  FROM policy_value
