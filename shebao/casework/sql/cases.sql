-- name: number
-- What no other case has as the end of its number.
SELECT nextval('casework_case_number') AS drawn;
