-- name: citations
-- Which of these terms posted dues name, and between which months. Reads all years: asked only when terms would change.
SELECT terms_id, min(month) AS first, max(month) AS last
  FROM ledger_due
 WHERE terms_id = ANY (%(terms_ids)s::int[])
 GROUP BY terms_id

-- name: share_months
-- Whoever assesses some people of these months; waits while one of them is being run for everybody.
SELECT pg_advisory_xact_lock_shared(hashtext('shebao.ledger.month'), to_char(month, 'YYYYMM')::int)
  FROM (SELECT unnest(%(months)s::date[]) AS month ORDER BY 1) m

-- name: claim_run
-- Whoever runs a month for everybody: false when somebody else does so at this moment.
SELECT pg_try_advisory_xact_lock(hashtext('shebao.ledger.run'), to_char(%(month)s::date, 'YYYYMM')::int) AS claimed

-- name: claim_month
-- Waits until nobody assesses some people of the month, and keeps others out until the transaction ends.
SELECT pg_advisory_xact_lock(hashtext('shebao.ledger.month'), to_char(%(month)s::date, 'YYYYMM')::int)

-- name: any_posted
-- Whether the months hold anything of the people asked for.
SELECT EXISTS (
       SELECT FROM ledger_due d
        WHERE d.month = ANY (%(months)s::date[])
          AND (%(person_ids)s::bigint[] IS NULL OR d.person_id = ANY (%(person_ids)s::bigint[]))
          AND (%(first_person)s::bigint IS NULL OR d.person_id >= %(first_person)s::bigint)
          AND (%(last_person)s::bigint IS NULL OR d.person_id <= %(last_person)s::bigint)) AS posted

-- name: posted
-- What the ledger holds of the months and people asked for, the lines of each due together.
SELECT d.person_id, d.scheme, d.payer_id, d.month, max(d.line) AS line,
       sum(d.employer_part) AS employer_part, sum(d.personal_part) AS personal_part, sum(d.account_part) AS account_part
  FROM ledger_due d
 WHERE d.month = ANY (%(months)s::date[])
   AND (%(person_ids)s::bigint[] IS NULL OR d.person_id = ANY (%(person_ids)s::bigint[]))
   AND (%(first_person)s::bigint IS NULL OR d.person_id >= %(first_person)s::bigint)
   AND (%(last_person)s::bigint IS NULL OR d.person_id <= %(last_person)s::bigint)
 GROUP BY d.person_id, d.scheme, d.payer_id, d.month

-- name: post_first
-- Where nothing is posted yet the rule itself is the difference. A row without terms breaks the whole write.
-- In the order of people: so the key grows at its edge, and a person's rows lie together.
INSERT INTO ledger_due (person_id, scheme, payer_id, month, line, declared, base, employer_part, personal_part,
                        account_part, terms_id, run_id)
SELECT r.person_id, r.scheme, r.payer_id, r.month, 1, r.declared, r.base, r.employer_part, r.personal_part,
       r.account_part, r.terms_id, %(run_id)s
  FROM rule r
 ORDER BY r.person_id, r.scheme

-- name: post_difference
-- What is missing, what has become another amount, and what is no longer due: as one further line each. A line's
-- declared and base say what holds from it on; its amounts are the difference to the lines before. What is no longer
-- due cites the terms that it was due by.
INSERT INTO ledger_due (person_id, scheme, payer_id, month, line, declared, base, employer_part, personal_part,
                        account_part, terms_id, run_id)
SELECT person_id, scheme, payer_id, month, coalesce(p.line, 0) + 1,
       CASE WHEN r.kind IS NULL THEN 0 ELSE r.declared END,
       CASE WHEN r.kind IS NULL THEN 0 ELSE r.base END,
       CASE WHEN r.kind IS NULL THEN 0 ELSE r.employer_part END - coalesce(p.employer_part, 0),
       CASE WHEN r.kind IS NULL THEN 0 ELSE r.personal_part END - coalesce(p.personal_part, 0),
       CASE WHEN r.kind IS NULL THEN 0 ELSE r.account_part END - coalesce(p.account_part, 0),
       CASE WHEN r.kind IS NULL
            THEN (SELECT l.terms_id FROM ledger_due l
                   WHERE l.person_id = p.person_id AND l.scheme = p.scheme AND l.payer_id = p.payer_id
                     AND l.month = p.month AND l.line = p.line)
            ELSE r.terms_id END,
       %(run_id)s
  FROM rule r
  FULL JOIN posted p USING (person_id, scheme, payer_id, month)
 WHERE p.line IS NULL
    OR (r.kind IS NULL AND (p.employer_part, p.personal_part, p.account_part) <> (0, 0, 0))
    OR (r.kind IS NOT NULL AND (r.employer_part, r.personal_part, r.account_part)
                               IS DISTINCT FROM (p.employer_part, p.personal_part, p.account_part))

-- name: written_off_before
-- Of the lines that a run wrote, the differences of dues that had been written off: nobody pays such a month, so nothing of
-- it is asked for or credited either. Not where something of the due is paid or open, nor where it had come to nothing.
SELECT d.person_id, d.scheme, d.payer_id, d.month, d.line, d.employer_part, d.personal_part
  FROM (SELECT d.*
          FROM ledger_due d
         WHERE d.run_id = %(run_id)s AND d.line > 1 AND d.month = ANY (%(months)s::date[])
           AND (%(person_ids)s::bigint[] IS NULL OR d.person_id = ANY (%(person_ids)s::bigint[]))
           AND EXISTS (SELECT FROM ledger_allocation a
                        WHERE a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id
                          AND a.month = d.month AND a.kind = 'written_off' AND a.month = ANY (%(months)s::date[]))
        OFFSET 0) d
 CROSS JOIN LATERAL (
       SELECT FROM ledger_due b
         LEFT JOIN ledger_allocation a ON a.person_id = b.person_id AND a.scheme = b.scheme
          AND a.payer_id = b.payer_id AND a.month = b.month AND a.line = b.line
          AND a.month = ANY (%(months)s::date[])
        WHERE b.person_id = d.person_id AND b.scheme = d.scheme AND b.payer_id = d.payer_id AND b.month = d.month
          AND b.month = ANY (%(months)s::date[]) AND b.line < d.line
       HAVING count(*) = count(a.line)
          AND coalesce(sum(a.employer_part + a.personal_part) FILTER (WHERE a.kind = 'paid'), 0) = 0
          AND sum(a.employer_part + a.personal_part) FILTER (WHERE a.kind = 'written_off') <> 0) w

-- name: write_off_too
-- They are written off with it; the line says by which run.
INSERT INTO ledger_allocation (person_id, scheme, payer_id, month, line, kind, employer_part, personal_part,
                               settled_on, receipt_id, source)
SELECT l.person_id, l.scheme, l.payer_id, l.month, l.line, 'written_off', l.employer_part, l.personal_part,
       %(settled_on)s, NULL, 'run:' || %(run_id)s
  FROM settled_lines l

-- name: bill
-- The employers' bills grow by what a run wrote. Adding, not summing anew: two cases of one employer that are settled at
-- the same moment must both count. In one order, so that such cases wait for each other instead of crossing.
WITH written AS MATERIALIZED (
    SELECT d.payer_id, d.month, d.scheme, count(*) FILTER (WHERE d.line = 1) AS persons,
           sum(d.employer_part) AS employer_part, sum(d.personal_part) AS personal_part, count(*) AS lines
      FROM ledger_due d
     WHERE d.run_id = %(run_id)s AND d.month = ANY (%(months)s::date[])
       AND (%(person_ids)s::bigint[] IS NULL OR d.person_id = ANY (%(person_ids)s::bigint[]))
     GROUP BY d.payer_id, d.month, d.scheme
)
INSERT INTO ledger_bill AS b (payer_id, month, scheme, persons, employer_part, personal_part, lines, settled)
SELECT w.payer_id, w.month, w.scheme, w.persons, w.employer_part, w.personal_part, w.lines, 0
  FROM written w
  JOIN registry_employer e ON e.id = w.payer_id
 ORDER BY w.payer_id, w.month, w.scheme
    ON CONFLICT (payer_id, month, scheme) DO UPDATE
   SET persons = b.persons + excluded.persons,
       employer_part = b.employer_part + excluded.employer_part,
       personal_part = b.personal_part + excluded.personal_part,
       lines = b.lines + excluded.lines

-- name: totals
-- What is posted for these months, by scheme: the employers' from their bills, the flexible workers' from their dues.
SELECT t.month, t.scheme, sum(t.persons)::bigint AS persons,
       sum(t.employer_part) AS employer_part, sum(t.personal_part) AS personal_part
  FROM (SELECT b.month, b.scheme, b.persons, b.employer_part, b.personal_part
          FROM ledger_bill b
         WHERE b.month = ANY (%(months)s::date[])
         UNION ALL
        SELECT d.month, d.scheme, (d.line = 1)::int, d.employer_part, d.personal_part
          FROM ledger_due d
         WHERE d.month = ANY (%(months)s::date[]) AND d.payer_id = d.person_id) t
 GROUP BY t.month, t.scheme
 ORDER BY t.month, t.scheme

-- name: stop_left_over
-- Runs of the month that were cut off: whoever has claimed the month knows that they no longer run.
UPDATE ledger_run SET state = 'stopped', finished_at = %(now)s
 WHERE kind = 'month' AND month = %(month)s AND state = 'running' AND id <> %(run_id)s

-- name: last_run
-- The last month that was run for everybody.
SELECT max(month) AS month FROM ledger_run WHERE kind = 'month' AND state = 'done'
