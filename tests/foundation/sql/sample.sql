-- name: numbers
-- The numbers up to a limit; 100 % of them.
SELECT generate_series(1, %(limit)s) AS number;

-- name: doubled
-- Each number of the relation, twice.
SELECT number, number * 2 AS twice
-- a remark in the middle
  FROM numbers
