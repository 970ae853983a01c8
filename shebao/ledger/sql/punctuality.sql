-- name: months
-- Of each payer and month with a bill: whether money came for it by the deadline.
-- The first receipt of a slip that covers the month counts; what is found and paid later does not make it late.
-- A month that was settled without a slip (taken over from before, or written off) counts as on time.
SELECT b.payer_id, b.month,
       coalesce((SELECT min(r.received_on) <= d.deadline
                   FROM ledger_slip s
                   JOIN slip_money r ON r.slip_id = s.id
                  WHERE s.payer_id = b.payer_id
                    AND s.first_month <= b.month AND s.last_month >= b.month), true) AS on_time
  FROM unnest(%(months)s::date[], %(deadlines)s::date[]) AS d(month, deadline)
  JOIN ledger_bill b ON b.month = d.month AND b.payer_id = ANY (%(payer_ids)s::bigint[])
 GROUP BY b.payer_id, b.month, d.deadline
 ORDER BY b.payer_id, b.month
