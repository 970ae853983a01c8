-- name: occupied
-- Whether anybody is in the archive.
SELECT EXISTS (SELECT FROM registry_person) OR EXISTS (SELECT FROM registry_employer) AS occupied

-- name: take_numbers
-- Party numbers in a row, from the sequence that gives them to everybody.
SELECT setval('registry_party_number', first + %(count)s - 1) - %(count)s + 1 AS first
  FROM (SELECT nextval('registry_party_number') AS first) n

-- name: empty
-- Everything in these tables and the jobs about it, and the numbers begin anew.
TRUNCATE TABLES RESTART IDENTITY;
TRUNCATE procrastinate_jobs CASCADE;
ALTER SEQUENCE registry_party_number RESTART;
ALTER SEQUENCE ledger_slip_serial RESTART

-- name: letters_in_order
-- Inboxes are read by number; the city's messages were written case by case, and are numbered anew by their time.
WITH told AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place, row_number() OVER (ORDER BY at, id) AS turn
      FROM notices_notice
)
UPDATE notices_notice n SET id = -numbered.id
  FROM told JOIN told numbered ON numbered.place = told.turn
 WHERE n.id = told.id;
UPDATE notices_notice SET id = -id

-- name: tidy
-- The schema the city was made in.
DROP SCHEMA demo_making CASCADE
