-- name: one_file_at_a_time
-- Two files may name the same slip or the same bank reference: they are taken in one after the other.
SELECT pg_advisory_xact_lock(hashtextextended('ledger.receipts', 0))

-- name: lock_slips
-- The slips that money has come for: from here on nobody takes them back.
SELECT s.id, s.number, s.payer_id, s.kind, s.items, s.first_month, s.last_month, s.due_on,
       EXISTS (SELECT FROM registry_employer e WHERE e.id = s.payer_id) AS of_employer
  FROM ledger_slip s
 WHERE s.number = ANY (%(slip_numbers)s::text[])
 ORDER BY s.id
   FOR UPDATE OF s

-- name: slips_with_money
-- Open slips for which money waits: how much is asked for, how much came, and whether it came too late: after the day to
-- which the late fee was counted, and what had come by then doesn't cover the contributions. Who waits longest stands first.
SELECT s.id, s.number, s.payer_id, coalesce(e.name, p.name) AS payer_name, s.total, s.fee_until,
       sum(r.amount) AS came, count(*) AS receipts, max(r.received_on) AS last_day,
       coalesce(max(r.received_on) > s.fee_until
                AND coalesce(sum(r.amount) FILTER (WHERE r.received_on <= s.fee_until), 0) < s.total - s.late_fee,
                false) AS late
  FROM ledger_receipt r
  JOIN ledger_slip s ON s.id = r.slip_id AND s.state = 'open'
  LEFT JOIN registry_employer e ON e.id = s.payer_id
  LEFT JOIN registry_person p ON p.id = s.payer_id
 WHERE r.state <> 'matched' AND r.resolution_id IS NULL
 GROUP BY s.id, s.number, s.payer_id, e.name, p.name, s.total, s.fee_until, s.late_fee
 ORDER BY min(r.id)
 LIMIT %(limit)s

-- name: incoming
-- The lines of the file as a relation.
SELECT *
  FROM unnest(%(rows)s::int[], %(slip_numbers)s::text[], %(amounts)s::numeric[], %(days)s::date[],
              %(references)s::text[]) AS line(row, slip_number, amount, received_on, reference)

-- name: note_repeated
-- Lines whose bank reference was taken in before are shown beside the file, not booked again.
INSERT INTO ledger_repeatedreceipt (file_id, row, reference, slip_number, amount, received_on, differs)
SELECT %(file_id)s, i.row, i.reference, i.slip_number, i.amount, i.received_on,
       (i.slip_number, i.amount, i.received_on) IS DISTINCT FROM (r.slip_number, r.amount, r.received_on)
  FROM incoming i
  JOIN ledger_receipt r ON r.reference = i.reference

-- name: enter
-- Every other line becomes a receipt: the first one of exactly the slip's total that came in time is matched, all others
-- wait in suspense.
-- A slip with a late fee is good until the day to which the fee was counted: after it more is owed (docs/adr/0014).
INSERT INTO ledger_receipt (reference, slip_number, slip_id, amount, received_on, state, file_id, taken_at)
SELECT i.reference, i.slip_number, s.id, i.amount, i.received_on,
       CASE WHEN s.id IS NULL THEN 'unknown_slip'
            WHEN s.state = 'taken_back' THEN 'slip_taken_back'
            WHEN s.state = 'paid' THEN 'already_paid'
            WHEN i.amount <> s.total THEN 'wrong_amount'
            WHEN i.received_on > s.fee_until THEN 'late'
            WHEN row_number() OVER (PARTITION BY s.id, i.amount = s.total, i.received_on > s.fee_until
                                    ORDER BY i.row) > 1 THEN 'already_paid'
            ELSE 'matched' END,
       %(file_id)s, %(now)s
  FROM incoming i
  LEFT JOIN ledger_slip s ON s.number = i.slip_number
 WHERE NOT EXISTS (SELECT FROM ledger_receipt r WHERE r.reference = i.reference)
 ORDER BY i.row
RETURNING id, slip_id, state, amount, received_on

-- name: paid_lines
-- The due lines that these receipts pay. Months as literals, so that only their years are looked at.
SELECT d.person_id, d.scheme, d.payer_id, d.month, d.line, d.employer_part, d.personal_part, d.account_part,
       p.receipt_id, p.received_on
  FROM unnest(%(slip_ids)s::bigint[], %(receipt_ids)s::bigint[], %(days)s::date[])
       AS p(slip_id, receipt_id, received_on)
  JOIN ledger_slipitem i ON i.slip_id = p.slip_id AND i.live
  JOIN ledger_due d ON d.person_id = i.person_id AND d.scheme = i.scheme AND d.payer_id = i.payer_id
   AND d.month = i.month AND d.line = i.line
 WHERE i.month BETWEEN %(first_month)s AND %(last_month)s AND d.month BETWEEN %(first_month)s AND %(last_month)s

-- name: allocate
-- Each due line of a paid slip is settled, whole.
INSERT INTO ledger_allocation (person_id, scheme, payer_id, month, line, kind, employer_part, personal_part,
                               settled_on, receipt_id, source)
SELECT l.person_id, l.scheme, l.payer_id, l.month, l.line, 'paid', l.employer_part, l.personal_part,
       l.received_on, l.receipt_id, ''
  FROM settled_lines l

-- name: credit
-- What a paid line credits to the personal account of its scheme; a difference found later may take some back.
INSERT INTO ledger_accountline (person_id, account, month, kind, payer_id, line, amount, posted_on, source)
SELECT l.person_id, l.scheme, l.month, 'contribution', l.payer_id, l.line, l.account_part, l.received_on,
       'receipt:' || l.receipt_id
  FROM settled_lines l
 WHERE l.account_part <> 0

-- name: pay_fees
-- The late fees of these slips are paid by their receipts.
UPDATE ledger_latefee f
   SET receipt_id = p.receipt_id
  FROM unnest(%(slip_ids)s::bigint[], %(receipt_ids)s::bigint[]) AS p(slip_id, receipt_id)
 WHERE f.slip_id = p.slip_id AND f.live

-- name: pay_claims
-- The assessments of arrears on these slips are paid.
UPDATE ledger_claim SET state = 'paid', closed_at = %(now)s WHERE slip_id = ANY (%(slip_ids)s::bigint[]) AND state = 'asked'

-- name: close_slips
-- Slips that a receipt matched are paid.
UPDATE ledger_slip SET state = 'paid', closed_at = %(now)s WHERE id = ANY (%(slip_ids)s::bigint[]) AND state = 'open'

-- name: for_slips_of
-- The money for the slips of a payer, or for one of them: it named the slip, or an officer put it there. Matched or waiting
-- in suspense, newest first, one page.
WITH candidates AS (
    SELECT r.id
      FROM ledger_slip s
      JOIN ledger_receipt r ON r.slip_id = s.id
     WHERE s.payer_id = %(payer_id)s AND (%(slip_id)s::bigint IS NULL OR s.id = %(slip_id)s::bigint)
     UNION
    SELECT unnest(z.receipt_ids)
      FROM ledger_slip s
      JOIN ledger_resolution z ON z.slip_id = s.id AND z.kind = 'assigned'
     WHERE s.payer_id = %(payer_id)s AND (%(slip_id)s::bigint IS NULL OR s.id = %(slip_id)s::bigint)
)
SELECT r.id, r.reference, r.slip_number AS named, r.amount, r.received_on, r.state, s.number AS slip_number,
       s.total AS slip_total, s.first_month, s.last_month, z.kind AS resolved, z.state AS resolution
  FROM candidates c
  JOIN ledger_receipt r ON r.id = c.id
  LEFT JOIN ledger_resolution z ON z.id = r.resolution_id
  JOIN ledger_slip s ON s.id = coalesce(z.slip_id, r.slip_id)
 WHERE s.payer_id = %(payer_id)s AND (%(slip_id)s::bigint IS NULL OR s.id = %(slip_id)s::bigint)
   AND (%(before)s::bigint IS NULL OR r.id < %(before)s::bigint)
   AND (NOT %(waiting)s OR (r.state <> 'matched' AND r.resolution_id IS NULL))
 ORDER BY r.id DESC
 LIMIT %(limit)s

-- name: slip_money
-- What paid each slip: the one receipt that matched, or those in suspense that an officer put together; `receipt_id`
-- is the one that allocations name.
SELECT r.slip_id, r.id AS receipt_id, r.amount, r.slip_number, r.received_on
  FROM ledger_receipt r
 WHERE r.state = 'matched'
 UNION ALL
SELECT s.slip_id, max(r.id), sum(r.amount), NULL, max(r.received_on)
  FROM ledger_resolution s
  JOIN ledger_receipt r ON r.resolution_id = s.id
 WHERE s.kind = 'assigned'
 GROUP BY s.slip_id
