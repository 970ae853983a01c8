-- name: last_days
-- The last day of payment of each month, as far as it is known.
SELECT * FROM unnest(%(due_months)s::date[], %(last_days)s::date[]) AS d(month, last_day)

-- name: rates
-- The late fee's rate of a day, by stretches of days; null where none is known.
SELECT *
  FROM unnest(%(rate_starts)s::date[], %(rate_ends)s::date[], %(rates)s::numeric[], %(rate_values)s::int[])
       AS r(starts, ends, rate, value_id)

-- name: late
-- Each of the `lines` with what of it is owed after credits, and the first day on which it is late.
-- A difference found later (line 2 and up) is late after the first last day that follows its finding. Credits lower the
-- oldest lines of their person, month and scheme first, and carry nothing themselves.
SELECT l.*,
       greatest(0.00, least(l.amount,
           sum(greatest(l.amount, 0)) OVER (PARTITION BY l.person_id, l.scheme, l.payer_id, l.month ORDER BY l.line)
         + sum(least(l.amount, 0)) OVER (PARTITION BY l.person_id, l.scheme, l.payer_id, l.month))) AS principal,
       1 + CASE WHEN l.line = 1 THEN o.last_day
                ELSE (SELECT min(d.last_day)
                        FROM ledger_run r
                        JOIN last_days d ON d.month >= l.month
                         AND d.last_day >= (r.started_at AT TIME ZONE %(time_zone)s)::date
                       WHERE r.id = l.run_id) END AS since
  FROM lines l
  LEFT JOIN last_days o ON o.month = l.month

-- name: spans
-- From each first late day to %(fee_until)s the days of each rate; worked out once for all lines that became late on that day.
SELECT o.since, sum(o.days) AS days, sum(o.days * o.rate) AS weight,
       jsonb_agg(jsonb_build_object('from', o.first, 'until', o.last, 'days', o.days,
                                    'rate', trim_scale(o.rate)::text, 'value', o.value_id)
                 ORDER BY o.first) AS parts
  FROM (SELECT l.since, r.rate, r.value_id, s.first, s.last, s.last - s.first + 1 AS days
          FROM (SELECT DISTINCT since FROM late WHERE since IS NOT NULL) l
         CROSS JOIN rates r
         CROSS JOIN LATERAL (SELECT greatest(r.starts, l.since) AS first,
                                    least(r.ends, %(fee_until)s::date) AS last) s
        -- greatest and least pass over what is null: a rate without an end goes on, an unknown last day charges nothing.
         WHERE s.first <= s.last AND %(fee_until)s::date IS NOT NULL) o
 GROUP BY o.since

-- name: fees
-- The rule: what is owed, by the rate of each day from the first late one to %(fee_until)s; rounded half up to the fen once
-- per line. People who pay for themselves owe none.
SELECT l.*, %(fee_until)s::date AS until, coalesce(n.parts, '[]') AS parts, coalesce(n.days, 0) AS days,
       coalesce(round(l.principal * n.weight, 2), 0.00) AS fee
  FROM late l
  LEFT JOIN spans n ON n.since = l.since AND l.principal > 0 AND l.payer_id <> l.person_id

-- name: lines_paid_late
-- The lines of slips that were paid after their last day, each with the slip that is to ask for its late fee.
SELECT d.person_id, d.scheme, d.payer_id, d.month, d.line, d.run_id, d.employer_part, d.personal_part,
       d.employer_part + d.personal_part AS amount, p.fee_slip_id
  FROM unnest(%(slip_ids)s::bigint[], %(fee_slip_ids)s::bigint[]) AS p(slip_id, fee_slip_id)
  JOIN ledger_slipitem i ON i.slip_id = p.slip_id AND i.live
  JOIN ledger_due d ON d.person_id = i.person_id AND d.scheme = i.scheme AND d.payer_id = i.payer_id
   AND d.month = i.month AND d.line = i.line
 WHERE i.month BETWEEN %(first_month)s AND %(last_month)s AND d.month BETWEEN %(first_month)s AND %(last_month)s

-- name: charge_late_lines
-- The late fee of each of them stands on its slip.
INSERT INTO ledger_latefee (person_id, scheme, payer_id, month, line, slip_id, live, principal, since, until, parts,
                            fee)
SELECT f.person_id, f.scheme, f.payer_id, f.month, f.line, f.fee_slip_id, true, f.principal, f.since, f.until,
       f.parts, f.fee
  FROM fees f
 WHERE f.fee > 0

-- name: charged
-- What these slips ask for; none where there is nothing to charge.
SELECT f.slip_id, count(DISTINCT f.person_id) AS persons, min(f.month) AS first_month, max(f.month) AS last_month,
       sum(f.fee) AS late_fee
  FROM ledger_latefee f
 WHERE f.slip_id = ANY (%(fee_slip_ids)s::bigint[])
 GROUP BY f.slip_id
