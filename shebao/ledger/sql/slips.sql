-- name: outstanding
-- Due lines of the payers up to a month (or of some months) that are neither settled, nor asked for by a live slip, nor
-- held by an assessment of arrears; whether each is overdue (as in `standing`), and what is overdue of its person,
-- month and scheme together.
SELECT o.*, sum(o.amount) FILTER (WHERE o.overdue) OVER (PARTITION BY o.person_id, o.scheme, o.payer_id, o.month) AS owed
  FROM (
SELECT d.person_id, d.scheme, d.payer_id, d.month, d.line, d.run_id, d.employer_part, d.personal_part,
       d.employer_part + d.personal_part AS amount,
       d.month <= %(overdue_until)s
       AND (d.line = 1 OR d.employer_part + d.personal_part < 0
            OR d.run_id <= (SELECT max(r.id) FROM ledger_run r WHERE r.started_at < %(found_before)s)) AS overdue
  FROM people w
  JOIN ledger_due d ON d.person_id = w.person_id AND d.payer_id = w.payer_id
 WHERE d.month <= %(until)s
   AND (%(months)s::date[] IS NULL OR d.month = ANY (%(months)s::date[]))
   AND NOT EXISTS (SELECT FROM ledger_allocation a
                    WHERE a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id
                      AND a.month = d.month AND a.line = d.line
                      AND (%(months)s::date[] IS NULL OR a.month = ANY (%(months)s::date[])))
   AND NOT EXISTS (SELECT FROM ledger_slipitem i
                    WHERE i.person_id = d.person_id AND i.scheme = d.scheme AND i.payer_id = d.payer_id
                      AND i.month = d.month AND i.line = d.line AND i.live
                      AND (%(months)s::date[] IS NULL OR i.month = ANY (%(months)s::date[])))
   AND NOT EXISTS (SELECT FROM ledger_claimitem c
                    WHERE c.person_id = d.person_id AND c.scheme = d.scheme AND c.payer_id = d.payer_id
                      AND c.month = d.month AND c.line = d.line AND c.live)) o

-- name: without_arrears
-- What goes on a monthly slip: not what employers owe for a month before the present one with a late fee (EMP-5).
SELECT * FROM outstanding o WHERE NOT (o.month = ANY (%(late_months)s::date[]) AND o.overdue AND o.owed > 0)

-- name: payable
-- What each payer has outstanding: how many lines, and their sum, which credits may bring to nothing or below.
SELECT o.payer_id, count(*) AS items, sum(o.employer_part + o.personal_part) AS total
  FROM askable o
 GROUP BY o.payer_id

-- name: serials
-- As many fresh slip ids and serials as there are slips to make.
SELECT nextval(pg_get_serial_sequence('ledger_slip', 'id')) AS id, nextval('ledger_slip_serial') AS serial
  FROM generate_series(1, %(count)s)

-- name: add_items
-- The outstanding lines of each payer go on that payer's slip.
INSERT INTO ledger_slipitem (person_id, scheme, payer_id, month, line, slip_id, live)
SELECT o.person_id, o.scheme, o.payer_id, o.month, o.line, s.slip_id, true
  FROM askable o
  JOIN unnest(%(payer_ids)s::bigint[], %(slip_ids)s::bigint[]) AS s(payer_id, slip_id) ON s.payer_id = o.payer_id

-- name: totals
-- What stands on each of these slips.
SELECT i.slip_id, count(*) AS items, count(DISTINCT i.person_id) AS persons,
       min(i.month) AS first_month, max(i.month) AS last_month,
       sum(d.employer_part) AS employer_part, sum(d.personal_part) AS personal_part
  FROM ledger_slipitem i
  JOIN ledger_due d ON d.person_id = i.person_id AND d.scheme = i.scheme AND d.payer_id = i.payer_id
   AND d.month = i.month AND d.line = i.line
 WHERE i.slip_id = ANY (%(slip_ids)s::bigint[])
 GROUP BY i.slip_id

-- name: release
-- The lines of a slip that is taken back may stand on another one.
UPDATE ledger_slipitem SET live = false WHERE slip_id = %(slip_id)s AND live

-- name: lines
-- What stands on a slip by person, one page in the order of the person's id.
SELECT i.person_id, p.name, p.id_number, min(i.month) AS first_month, max(i.month) AS last_month,
       count(*) AS items, sum(d.employer_part) AS employer_part, sum(d.personal_part) AS personal_part,
       sum(d.employer_part + d.personal_part) AS amount
  FROM ledger_slipitem i
  JOIN ledger_due d ON d.person_id = i.person_id AND d.scheme = i.scheme AND d.payer_id = i.payer_id
   AND d.month = i.month AND d.line = i.line
  JOIN registry_person p ON p.id = i.person_id
 WHERE i.slip_id = %(slip_id)s AND i.person_id > %(after)s
 GROUP BY i.person_id, p.name, p.id_number
 ORDER BY i.person_id
 LIMIT %(limit)s

-- name: by_scheme
-- What stands on a slip by month and scheme; `amount` is without the late fee.
SELECT i.month, i.scheme, count(DISTINCT i.person_id) AS persons, sum(d.employer_part) AS employer_part,
       sum(d.personal_part) AS personal_part, sum(d.employer_part + d.personal_part) AS amount,
       coalesce(sum(f.fee), 0.00) AS late_fee,
       sum(d.employer_part + d.personal_part) + coalesce(sum(f.fee), 0.00) AS total
  FROM ledger_slipitem i
  JOIN ledger_due d ON d.person_id = i.person_id AND d.scheme = i.scheme AND d.payer_id = i.payer_id
   AND d.month = i.month AND d.line = i.line
  LEFT JOIN ledger_latefee f ON f.person_id = i.person_id AND f.scheme = i.scheme AND f.payer_id = i.payer_id
   AND f.month = i.month AND f.line = i.line AND f.slip_id = i.slip_id
 WHERE i.slip_id = %(slip_id)s
 GROUP BY i.month, i.scheme
 ORDER BY i.month, i.scheme
