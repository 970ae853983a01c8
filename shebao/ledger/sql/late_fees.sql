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
       1 + CASE WHEN l.line = 1 THEN (SELECT d.last_day FROM last_days d WHERE d.month = l.month)
                ELSE (SELECT min(d.last_day)
                        FROM ledger_run r
                        JOIN last_days d ON d.month >= l.month
                         AND d.last_day >= (r.started_at AT TIME ZONE %(time_zone)s)::date
                       WHERE r.id = l.run_id) END AS since
  FROM lines l

-- name: fees
-- The rule: what is owed, by the rate of each day from the first late one to %(fee_until)s; rounded half up to the fen once
-- per line. People who pay for themselves owe none.
SELECT l.*, %(fee_until)s::date AS until, coalesce(n.parts, '[]') AS parts, coalesce(n.days, 0) AS days,
       coalesce(round(l.principal * n.weight, 2), 0.00) AS fee
  FROM late l
 CROSS JOIN LATERAL (
       SELECT sum(o.days) AS days, sum(o.days * o.rate) AS weight,
              jsonb_agg(jsonb_build_object('from', o.first, 'until', o.last, 'days', o.days,
                                           'rate', trim_scale(o.rate)::text, 'value', o.value_id)
                        ORDER BY o.first) AS parts
         FROM (SELECT r.rate, r.value_id, s.first, s.last, s.last - s.first + 1 AS days
                 FROM rates r
                CROSS JOIN LATERAL (SELECT greatest(r.starts, l.since) AS first,
                                           least(r.ends, %(fee_until)s::date) AS last) s
                -- greatest and least pass over what is null: an unknown first or last day charges nothing.
                WHERE s.first <= s.last AND l.since IS NOT NULL AND %(fee_until)s::date IS NOT NULL
                  AND l.principal > 0 AND l.payer_id <> l.person_id) o) n
