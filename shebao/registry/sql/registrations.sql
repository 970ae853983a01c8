-- name: draw
-- One fresh party number.
SELECT nextval('registry_party_number') AS number
