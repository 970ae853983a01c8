-- name: hold
-- How an employer stands, and nobody may change that until the transaction ends.
SELECT state
  FROM registry_employer
 WHERE id = %(employer_id)s
   FOR SHARE
