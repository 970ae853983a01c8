-- name: decided
-- Of each party: the rows that decisions since a time approved and returned. A row may be returned more than once.
SELECT c.party_id, sum((m.outcome->>'approved')::int) AS approved, sum((m.outcome->>'returned')::int) AS returned
  FROM casework_case c
  JOIN casework_move m ON m.case_id = c.id AND m.before = 'submitted' AND m.at >= %(since)s
 WHERE c.party_kind = %(kind)s AND c.party_id = ANY (%(party_ids)s::bigint[]) AND m.outcome->>'approved' IS NOT NULL
 GROUP BY c.party_id
HAVING sum((m.outcome->>'approved')::int + (m.outcome->>'returned')::int) > 0
