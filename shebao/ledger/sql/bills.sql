-- name: count_settled
-- The employers' bills count what was settled of them: bills change in one order, so that deeds wait for each other.
WITH newly AS MATERIALIZED (
    SELECT l.payer_id, l.month, l.scheme, count(*) AS lines
      FROM settled_lines l
     GROUP BY l.payer_id, l.month, l.scheme
), held AS MATERIALIZED (
    SELECT b.payer_id, b.month, b.scheme, n.lines
      FROM ledger_bill b
      JOIN newly n ON n.payer_id = b.payer_id AND n.month = b.month AND n.scheme = b.scheme
     ORDER BY b.payer_id, b.month, b.scheme
       FOR UPDATE OF b
)
UPDATE ledger_bill b
   SET settled = b.settled + h.lines
  FROM held h
 WHERE b.payer_id = h.payer_id AND b.month = h.month AND b.scheme = h.scheme

-- name: of_month
-- An employer's month by scheme.
SELECT b.scheme, b.persons, b.employer_part, b.personal_part, b.employer_part + b.personal_part AS amount
  FROM ledger_bill b
 WHERE b.payer_id = %(payer_id)s AND b.month = %(month)s
 ORDER BY b.scheme

-- name: months
-- The months an employer was billed for, newest first, one page.
SELECT b.month, max(b.persons) AS persons, sum(b.employer_part) AS employer_part,
       sum(b.personal_part) AS personal_part, sum(b.employer_part + b.personal_part) AS amount
  FROM ledger_bill b
 WHERE b.payer_id = %(payer_id)s AND (%(before)s::date IS NULL OR b.month < %(before)s::date)
 GROUP BY b.month
 ORDER BY b.month DESC
 LIMIT %(limit)s

-- name: people
-- Who stands on the bill of a month, with the sums of all schemes, one page in the order of the person's id: people are
-- taken one after the other until the page is full, however many there are. A line's figures are differences, its base is
-- the one that then counted: the last line's are in force.
SELECT w.person_id, p.name, p.id_number, d.base, d.schemes, d.employer_part, d.personal_part, d.amount, d.outstanding,
       d.settled
  FROM (SELECT DISTINCT e.person_id
          FROM registry_enrolment e
         WHERE e.payer_id = %(payer_id)s AND e.person_id > %(after)s
         ORDER BY e.person_id) w
 CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT d.scheme ORDER BY d.scheme) AS schemes,
               max(d.base) FILTER (WHERE d.line = d.last_line) AS base,
               sum(d.employer_part) AS employer_part, sum(d.personal_part) AS personal_part,
               sum(d.employer_part + d.personal_part) AS amount, bool_and(a.person_id IS NOT NULL) AS settled,
               coalesce(sum(d.employer_part + d.personal_part) FILTER (WHERE a.person_id IS NULL), 0) AS outstanding
          FROM (SELECT d.*, max(d.line) OVER (PARTITION BY d.scheme) AS last_line
                  FROM ledger_due d
                 WHERE d.person_id = w.person_id AND d.payer_id = %(payer_id)s AND d.month = %(month)s) d
          LEFT JOIN ledger_allocation a ON a.person_id = d.person_id AND a.scheme = d.scheme
           AND a.payer_id = d.payer_id AND a.month = d.month AND a.line = d.line AND a.month = %(month)s
        HAVING count(*) > 0) d
  JOIN registry_person p ON p.id = w.person_id
 ORDER BY w.person_id
 LIMIT %(limit)s

-- name: settled
-- How much of a payer's month is paid, written off, or asked for by a slip that waits.
SELECT coalesce(sum(d.employer_part + d.personal_part) FILTER (WHERE a.kind = 'paid'), 0) AS paid,
       coalesce(sum(d.employer_part + d.personal_part) FILTER (WHERE a.kind = 'written_off'), 0) AS written_off,
       coalesce(sum(d.employer_part + d.personal_part) FILTER (WHERE a.kind IS NULL), 0) AS outstanding
  FROM people w
  JOIN ledger_due d ON d.person_id = w.person_id AND d.payer_id = w.payer_id AND d.month = %(month)s
  LEFT JOIN ledger_allocation a ON a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id
   AND a.month = d.month AND a.line = d.line AND a.month = %(month)s

-- name: lines
-- Every line of a month's bill with the rates it rests on, in the order of the person's id.
SELECT d.person_id, p.name, p.id_number, d.scheme, d.line, d.declared, d.base, d.employer_part, d.personal_part,
       d.employer_part + d.personal_part AS amount, t.employer_rate, t.personal_rate, t.employer_fixed,
       t.personal_fixed, t.floor, t.ceiling, a.kind AS settled, a.settled_on
  FROM people w
  JOIN ledger_due d ON d.person_id = w.person_id AND d.payer_id = w.payer_id AND d.month = %(month)s
  JOIN policy_terms t ON t.id = d.terms_id
  JOIN registry_person p ON p.id = d.person_id
  LEFT JOIN ledger_allocation a ON a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id
   AND a.month = d.month AND a.line = d.line AND a.month = %(month)s
 ORDER BY d.person_id, d.scheme, d.line

-- name: count_lines
-- How many lines a month's bill has, as the bill counts them.
SELECT coalesce(sum(b.lines), 0) AS lines
  FROM ledger_bill b
 WHERE b.payer_id = %(payer_id)s AND b.month = %(month)s

-- name: of_year
-- The months of a year as billed, and whether they are settled.
SELECT b.month, max(b.persons) AS persons, sum(b.employer_part + b.personal_part) AS amount,
       sum(b.lines) = sum(b.settled) AS settled
  FROM ledger_bill b
 WHERE b.payer_id = %(payer_id)s AND b.month BETWEEN %(first)s AND %(last)s
 GROUP BY b.month

-- name: open_in
-- Payers that still owe something of a month, with what is left of their bill, one page by their number.
SELECT b.payer_id, b.amount - paid.amount AS amount
  FROM (SELECT b.payer_id, sum(b.employer_part + b.personal_part) AS amount
          FROM ledger_bill b
         WHERE b.month = %(month)s AND b.payer_id > %(after)s
         GROUP BY b.payer_id
        HAVING sum(b.settled) < sum(b.lines)) b
 CROSS JOIN LATERAL (
        SELECT coalesce(sum(a.employer_part + a.personal_part), 0.00) AS amount
          FROM (SELECT DISTINCT e.person_id FROM registry_enrolment e WHERE e.payer_id = b.payer_id) w
          JOIN ledger_allocation a ON a.person_id = w.person_id AND a.payer_id = b.payer_id
           AND a.month = %(month)s) paid
 WHERE b.amount > paid.amount
 ORDER BY b.payer_id
 LIMIT %(limit)s
