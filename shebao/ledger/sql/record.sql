-- name: dues_of_person
-- Every due line of one person in a span of months.
SELECT d.*
  FROM ledger_due d
 WHERE d.person_id = %(person_id)s AND d.month BETWEEN %(first)s AND %(last)s

-- name: months
-- One person's months by scheme and payer, differences found later taken in; reversed months are left out.
-- The figures of a line are differences, its base and terms are those that then counted: the last line's are in force.
SELECT s.month, s.scheme, s.payer_id, e.name AS payer_name,
       (array_agg(s.declared ORDER BY s.line DESC))[1] AS declared,
       (array_agg(s.base ORDER BY s.line DESC))[1] AS base,
       (array_agg(s.terms_id ORDER BY s.line DESC))[1] AS terms_id,
       count(*) AS lines,
       sum(s.employer_part) AS employer_part, sum(s.personal_part) AS personal_part,
       sum(s.account_part) AS account_part, sum(s.amount) AS amount,
       coalesce(sum(s.amount) FILTER (WHERE s.settled = 'paid'), 0) AS paid,
       coalesce(sum(s.amount) FILTER (WHERE s.settled IS NULL), 0) AS outstanding,
       max(s.settled_on) FILTER (WHERE s.settled = 'paid') AS paid_on,
       CASE WHEN sum(s.amount) FILTER (WHERE s.overdue) > 0 THEN 'arrears'
            WHEN sum(s.amount) FILTER (WHERE s.settled IS NULL) > 0 THEN 'not_yet_due'
            WHEN bool_or(s.settled = 'paid') THEN 'paid'
            WHEN bool_or(s.settled = 'written_off') THEN 'written_off'
            ELSE 'not_yet_due' END AS status
  FROM standing s
  LEFT JOIN registry_employer e ON e.id = s.payer_id
 GROUP BY s.month, s.scheme, s.payer_id, e.name
HAVING count(*) = 1 OR sum(s.employer_part) <> 0 OR sum(s.personal_part) <> 0

-- name: listed
-- The months in their order.
SELECT * FROM months m ORDER BY m.month, m.scheme, m.payer_id

-- name: by_scheme
-- What the months come to in each scheme: how many are paid, since when, how much.
SELECT m.scheme, min(m.month) AS first_month, max(m.month) AS last_month,
       count(DISTINCT m.month) FILTER (WHERE m.status = 'paid') AS months_paid,
       count(DISTINCT m.month) FILTER (WHERE m.status = 'arrears') AS months_in_arrears,
       sum(m.employer_part) FILTER (WHERE m.status = 'paid') AS employer_part,
       sum(m.personal_part) FILTER (WHERE m.status = 'paid') AS personal_part,
       coalesce(sum(m.outstanding) FILTER (WHERE m.status = 'arrears'), 0) AS arrears
  FROM months m
 GROUP BY m.scheme
 ORDER BY m.scheme
