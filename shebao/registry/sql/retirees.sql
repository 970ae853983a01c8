-- name: entries
-- Which employer answers now for those of these people whose pension comes from outside the city's pool.
SELECT p.id_number, r.payer_id, e.name AS payer_name, r.starts
  FROM registry_outsideretiree r
  JOIN registry_person p ON p.id = r.person_id
  JOIN registry_employer e ON e.id = r.payer_id
 WHERE r.ends IS NULL AND p.id_number = ANY (%(id_numbers)s::text[])

-- name: end
-- The last month in which an employer answers for each of them.
UPDATE registry_outsideretiree r
   SET ends = n.ends
  FROM unnest(%(person_ids)s::bigint[], %(ends)s::date[]) AS n(person_id, ends)
 WHERE r.person_id = n.person_id AND r.payer_id = %(payer_id)s AND r.ends IS NULL AND r.starts <= n.ends
