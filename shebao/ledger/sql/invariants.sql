-- Each query here must return no row. `since` narrows those over months to that month and later.

-- name: allocations_settle_a_due_whole
-- An allocation settles an existing due line, with exactly its amounts.
SELECT a.person_id, a.scheme, a.payer_id, a.month, a.line, a.employer_part + a.personal_part AS allocated,
       d.employer_part + d.personal_part AS due
  FROM ledger_allocation a
  LEFT JOIN ledger_due d ON d.person_id = a.person_id AND d.scheme = a.scheme AND d.payer_id = a.payer_id
   AND d.month = a.month AND d.line = a.line AND d.month >= %(since)s
 WHERE a.month >= %(since)s
   AND (d.person_id IS NULL OR d.employer_part <> a.employer_part OR d.personal_part <> a.personal_part)

-- name: due_is_paid_arrears_and_written_off
-- For each scheme and month: due = paid + arrears (all that is open) + written off.
SELECT due.scheme, due.month, due.amount AS due, settled.paid, settled.written_off, open.amount AS open
  FROM (SELECT d.scheme, d.month, sum(d.employer_part + d.personal_part) AS amount
          FROM ledger_due d WHERE d.month >= %(since)s GROUP BY d.scheme, d.month) due
  FULL JOIN (SELECT a.scheme, a.month,
                    sum(a.employer_part + a.personal_part) FILTER (WHERE a.kind = 'paid') AS paid,
                    sum(a.employer_part + a.personal_part) FILTER (WHERE a.kind = 'written_off') AS written_off
               FROM ledger_allocation a WHERE a.month >= %(since)s GROUP BY a.scheme, a.month) settled
    ON settled.scheme = due.scheme AND settled.month = due.month
  FULL JOIN (SELECT d.scheme, d.month, sum(d.employer_part + d.personal_part) AS amount
               FROM ledger_due d
              WHERE d.month >= %(since)s
                AND NOT EXISTS (SELECT FROM ledger_allocation a
                                 WHERE a.person_id = d.person_id AND a.scheme = d.scheme
                                   AND a.payer_id = d.payer_id AND a.month = d.month AND a.line = d.line
                                   AND a.month >= %(since)s)
              GROUP BY d.scheme, d.month) open
    ON open.scheme = due.scheme AND open.month = due.month
 WHERE coalesce(due.amount, 0)
       <> coalesce(settled.paid, 0) + coalesce(settled.written_off, 0) + coalesce(open.amount, 0)

-- name: bills_equal_dues
-- For each employer, month and scheme: the bill is the sum of the dues.
SELECT coalesce(b.payer_id, d.payer_id) AS payer_id, coalesce(b.month, d.month) AS month,
       coalesce(b.scheme, d.scheme) AS scheme, b.employer_part + b.personal_part AS billed, d.amount AS due,
       b.persons AS billed_persons, d.persons, b.lines AS billed_lines, d.lines
  FROM (SELECT * FROM ledger_bill WHERE month >= %(since)s) b
  FULL JOIN (SELECT d.payer_id, d.month, d.scheme, count(*) FILTER (WHERE d.line = 1) AS persons,
                    sum(d.employer_part) AS employer_part, sum(d.personal_part) AS personal_part,
                    sum(d.employer_part + d.personal_part) AS amount, count(*) AS lines
               FROM ledger_due d
               JOIN registry_employer e ON e.id = d.payer_id
              WHERE d.month >= %(since)s
              GROUP BY d.payer_id, d.month, d.scheme) d
    ON d.payer_id = b.payer_id AND d.month = b.month AND d.scheme = b.scheme
 WHERE b.payer_id IS NULL OR d.payer_id IS NULL OR b.persons <> d.persons
    OR b.employer_part <> d.employer_part OR b.personal_part <> d.personal_part OR b.lines <> d.lines

-- name: bills_count_what_is_settled
-- For each employer, month and scheme: the bill counts the due lines that are settled. What is open is looked for by it.
SELECT b.payer_id, b.month, b.scheme, b.lines, b.settled, a.lines AS found
  FROM (SELECT * FROM ledger_bill WHERE month >= %(since)s) b
  LEFT JOIN (SELECT a.payer_id, a.month, a.scheme, count(*) AS lines
               FROM ledger_allocation a
              WHERE a.month >= %(since)s
              GROUP BY a.payer_id, a.month, a.scheme) a
    ON a.payer_id = b.payer_id AND a.month = b.month AND a.scheme = b.scheme
 WHERE b.settled <> coalesce(a.lines, 0)

-- name: due_lines_are_numbered
-- The lines of a due begin with 1 and have no gap.
SELECT d.person_id, d.scheme, d.payer_id, d.month, max(d.line) AS last_line, count(*) AS lines
  FROM ledger_due d
 WHERE d.month >= %(since)s AND (d.line <> 1)
   AND NOT EXISTS (SELECT FROM ledger_due b
                    WHERE b.person_id = d.person_id AND b.scheme = d.scheme AND b.payer_id = d.payer_id
                      AND b.month = d.month AND b.line = d.line - 1)
 GROUP BY d.person_id, d.scheme, d.payer_id, d.month

-- name: dues_cite_their_terms
-- Every due cites existing terms, of its scheme, in force in its month.
SELECT u.scheme, u.month, u.terms_id, u.dues, t.scheme AS terms_scheme, t.starts, t.ends
  FROM (SELECT d.scheme, d.month, d.terms_id, count(*) AS dues
          FROM ledger_due d WHERE d.month >= %(since)s GROUP BY d.scheme, d.month, d.terms_id) u
  LEFT JOIN policy_terms t ON t.id = u.terms_id
 WHERE t.id IS NULL OR t.scheme <> u.scheme OR t.starts > u.month OR t.ends < u.month

-- name: dues_name_their_run
-- Every due was written by a run that is on file.
SELECT u.run_id, u.dues
  FROM (SELECT d.run_id, count(*) AS dues FROM ledger_due d WHERE d.month >= %(since)s GROUP BY d.run_id) u
  LEFT JOIN ledger_run r ON r.id = u.run_id
 WHERE r.id IS NULL

-- name: accounts_equal_what_was_paid
-- A personal account is credited with exactly what each paid due line says, line by line.
SELECT coalesce(c.person_id, p.person_id) AS person_id, coalesce(c.account, p.scheme) AS account,
       coalesce(c.month, p.month) AS month, c.amount AS credited, p.account_part AS paid
  FROM (SELECT l.person_id, l.account, l.month, l.payer_id, l.line, l.amount
          FROM ledger_accountline l WHERE l.kind = 'contribution' AND l.month >= %(since)s) c
  FULL JOIN (SELECT d.person_id, d.scheme, d.payer_id, d.month, d.line, d.account_part
               FROM ledger_due d
               JOIN ledger_allocation a ON a.person_id = d.person_id AND a.scheme = d.scheme
                AND a.payer_id = d.payer_id AND a.month = d.month AND a.line = d.line
              WHERE a.kind = 'paid' AND d.account_part <> 0
                AND d.month >= %(since)s AND a.month >= %(since)s) p
    ON p.person_id = c.person_id AND p.scheme = c.account AND p.payer_id = c.payer_id AND p.month = c.month
   AND p.line = c.line
 WHERE c.person_id IS NULL OR p.person_id IS NULL OR c.amount <> p.account_part

-- name: slips_equal_their_items
-- A slip's total, lines and people are those of its items; one over a late fee alone has none.
SELECT s.number, s.total, i.amount, s.items, i.items AS found
  FROM ledger_slip s
  LEFT JOIN (SELECT i.slip_id, count(*) AS items, count(DISTINCT i.person_id) AS persons,
                    sum(d.employer_part) AS employer_part, sum(d.personal_part) AS personal_part,
                    sum(d.employer_part + d.personal_part) AS amount
               FROM ledger_slipitem i
               JOIN ledger_due d ON d.person_id = i.person_id AND d.scheme = i.scheme AND d.payer_id = i.payer_id
                AND d.month = i.month AND d.line = i.line
              GROUP BY i.slip_id) i ON i.slip_id = s.id
 WHERE s.last_month >= %(since)s
   AND ((s.kind = 'late_fee') <> (i.slip_id IS NULL) OR s.items <> coalesce(i.items, 0) OR s.persons <> i.persons
        OR s.employer_part <> coalesce(i.employer_part, 0) OR s.personal_part <> coalesce(i.personal_part, 0)
        OR s.total <> coalesce(i.amount, 0) + s.late_fee)

-- name: items_belong_to_a_slip
-- Every slip item is of an existing slip, of its payer, and live exactly while that slip is open or paid.
SELECT i.slip_id, s.number, s.state, i.live, i.items
  FROM (SELECT i.slip_id, i.payer_id, i.live, count(*) AS items
          FROM ledger_slipitem i WHERE i.month >= %(since)s GROUP BY i.slip_id, i.payer_id, i.live) i
  LEFT JOIN ledger_slip s ON s.id = i.slip_id
 WHERE s.id IS NULL OR s.payer_id <> i.payer_id OR i.live <> (s.state <> 'taken_back')

-- name: no_due_on_two_live_slips
-- One due line stands on at most one live slip.
SELECT i.person_id, i.scheme, i.payer_id, i.month, i.line, array_agg(i.slip_id) AS slip_ids
  FROM ledger_slipitem i
 WHERE i.live AND i.month >= %(since)s
 GROUP BY i.person_id, i.scheme, i.payer_id, i.month, i.line
HAVING count(*) > 1

-- name: a_matched_receipt_pays_its_slip
-- What paid a slip is exactly its total, and the slip is paid; a paid slip has exactly one such receipt, or receipts that
-- were put together once.
SELECT s.number, s.state, s.total, r.receipt_id, r.amount, r.times
  FROM ledger_slip s
  FULL JOIN (SELECT m.*, count(*) OVER (PARTITION BY m.slip_id) AS times FROM slip_money m) r ON r.slip_id = s.id
 WHERE (r.receipt_id IS NOT NULL AND (s.id IS NULL OR s.state <> 'paid' OR s.total <> r.amount OR r.times > 1
                                      OR s.number <> r.slip_number))
    OR (s.state = 'paid' AND r.receipt_id IS NULL)

-- name: a_matched_receipt_settles_every_item
-- Every item of a paid slip is settled by that slip's receipt, and a receipt settles nothing else.
SELECT r.receipt_id, s.number, s.items, a.items AS settled
  FROM slip_money r
  JOIN ledger_slip s ON s.id = r.slip_id AND s.items > 0
  FULL JOIN (SELECT a.receipt_id, count(*) AS items, sum(a.employer_part + a.personal_part) AS amount
               FROM ledger_allocation a WHERE a.receipt_id IS NOT NULL GROUP BY a.receipt_id) a
    ON a.receipt_id = r.receipt_id
 WHERE r.receipt_id IS NULL OR a.receipt_id IS NULL OR a.items <> s.items OR a.amount + s.late_fee <> r.amount

-- name: items_of_paid_slips_are_settled_by_them
-- No live item of a paid slip is open, and none was settled by another receipt or written off.
SELECT i.slip_id, i.person_id, i.scheme, i.month, i.line, a.kind, a.receipt_id
  FROM ledger_slip s
  JOIN slip_money r ON r.slip_id = s.id
  JOIN ledger_slipitem i ON i.slip_id = s.id AND i.live AND i.month >= %(since)s
  LEFT JOIN ledger_allocation a ON a.person_id = i.person_id AND a.scheme = i.scheme AND a.payer_id = i.payer_id
   AND a.month = i.month AND a.line = i.line AND a.month >= %(since)s
 WHERE s.state = 'paid' AND (a.person_id IS NULL OR a.receipt_id IS DISTINCT FROM r.receipt_id)

-- name: what_is_paid_has_a_receipt
-- A paid line names the receipt that paid it, or the source from which it was taken over.
SELECT a.kind, a.receipt_id, a.source, a.lines
  FROM (SELECT a.kind, a.receipt_id IS NULL AS bare, a.receipt_id, a.source = '' AS sourceless, a.source,
               count(*) AS lines
          FROM ledger_allocation a
         WHERE a.month >= %(since)s AND (a.kind = 'written_off' OR a.receipt_id IS NULL)
         GROUP BY a.kind, a.receipt_id, a.source) a
 WHERE a.sourceless OR (a.kind = 'written_off' AND NOT a.bare)

-- name: what_is_written_off_is_neither_paid_nor_open
-- Of a due that is written off nothing is left: neither to be paid, nor to be credited to who never paid it.
SELECT d.person_id, d.scheme, d.payer_id, d.month, count(*) - count(a.line) AS open_lines,
       sum(a.employer_part + a.personal_part) FILTER (WHERE a.kind = 'paid') AS paid,
       sum(a.employer_part + a.personal_part) FILTER (WHERE a.kind = 'written_off') AS written_off
  FROM (SELECT DISTINCT a.person_id, a.scheme, a.payer_id, a.month
          FROM ledger_allocation a WHERE a.kind = 'written_off' AND a.month >= %(since)s) w
  JOIN ledger_due d ON d.person_id = w.person_id AND d.scheme = w.scheme AND d.payer_id = w.payer_id
   AND d.month = w.month AND d.month >= %(since)s
  LEFT JOIN ledger_allocation a ON a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id
   AND a.month = d.month AND a.line = d.line AND a.month >= %(since)s
 GROUP BY d.person_id, d.scheme, d.payer_id, d.month
HAVING sum(a.employer_part + a.personal_part) FILTER (WHERE a.kind = 'written_off') <> 0
   AND (count(*) > count(a.line)
        OR coalesce(sum(a.employer_part + a.personal_part) FILTER (WHERE a.kind = 'paid'), 0) <> 0)

-- name: files_account_for_every_row
-- Matched, suspended and repeated rows of a file are all its rows, and its receipts are the money it says.
SELECT f.id, f.name, f.rows, f.matched, f.suspended, f.repeated, r.matched AS found_matched,
       r.suspended AS found_suspended, p.repeated AS found_repeated, f.amount, r.amount AS found_amount
  FROM ledger_receiptfile f
  LEFT JOIN (SELECT r.file_id, count(*) FILTER (WHERE r.state = 'matched') AS matched,
                    count(*) FILTER (WHERE r.state <> 'matched') AS suspended, sum(r.amount) AS amount
               FROM ledger_receipt r GROUP BY r.file_id) r ON r.file_id = f.id
  LEFT JOIN (SELECT p.file_id, count(*) AS repeated FROM ledger_repeatedreceipt p GROUP BY p.file_id) p
    ON p.file_id = f.id
 WHERE f.rows <> f.matched + f.suspended + f.repeated OR f.matched <> coalesce(r.matched, 0)
    OR f.suspended <> coalesce(r.suspended, 0) OR f.repeated <> coalesce(p.repeated, 0)
    OR f.amount <> coalesce(r.amount, 0)

-- name: suspense_says_why
-- A receipt in suspense has the reason that fits: unknown slips have no slip, all others do.
SELECT r.reference, r.state, r.slip_id
  FROM ledger_receipt r
 WHERE (r.state = 'unknown_slip') <> (r.slip_id IS NULL)

-- name: no_overlapping_enrolments
-- Nobody is in one scheme twice in a month.
SELECT e.person_id, e.scheme, e.starts, e.ends, e.next_starts
  FROM (SELECT e.person_id, e.scheme, e.starts, e.ends,
               lead(e.starts) OVER (PARTITION BY e.person_id, e.scheme ORDER BY e.starts, e.version) AS next_starts
          FROM registry_enrolment e
         WHERE e.reversed_by = '') e
 WHERE e.next_starts <= coalesce(e.ends, 'infinity'::date)

-- name: dues_lie_within_enrolments
-- Whoever owes for a month was enrolled in it, through that payer.
SELECT d.person_id, d.scheme, d.payer_id, d.month, sum(d.employer_part + d.personal_part) AS amount
  FROM ledger_due d
 WHERE d.month >= %(since)s
   AND NOT EXISTS (SELECT FROM registry_enrolment e
                    WHERE e.person_id = d.person_id AND e.scheme = d.scheme AND e.payer_id = d.payer_id
                      AND e.reversed_by = '' AND e.starts <= d.month AND coalesce(e.ends, 'infinity'::date) >= d.month)
 GROUP BY d.person_id, d.scheme, d.payer_id, d.month
HAVING sum(d.employer_part) <> 0 OR sum(d.personal_part) <> 0

-- name: numbers_lead_to_their_person
-- The ID number and the personal number of everybody are keys that lead to him, and no such key leads elsewhere.
SELECT coalesce(p.id, k.person_id) AS person_id, coalesce(p.kind, k.kind) AS kind,
       k.person_id IS NULL AS without_key
  FROM (SELECT id, 'id_number' AS kind, id_number AS value FROM registry_person
        UNION ALL
        SELECT id, 'personal_number', personal_number FROM registry_person) p
  FULL JOIN (SELECT * FROM registry_personkey WHERE kind IN ('id_number', 'personal_number')) k
    ON k.kind = p.kind AND k.value = p.value AND k.person_id = p.id
 WHERE p.id IS NULL OR k.person_id IS NULL

-- name: late_fees_equal_their_slips
-- A slip's late fee is the sum of its lines' late fees, each of a line that stands on it, live exactly while it does. A slip
-- over the late fee of what was paid late has no lines of its own: those are paid.
SELECT s.number, s.late_fee, f.fee, f.live, s.state
  FROM ledger_slip s
  FULL JOIN (SELECT f.slip_id, bool_and(f.live) AS live, bool_or(f.live) AS some_live, sum(f.fee) AS fee,
                    count(*) - count(i.slip_id) AS without_item, count(*) - count(a.receipt_id) AS unpaid
               FROM ledger_latefee f
               LEFT JOIN ledger_slipitem i ON i.person_id = f.person_id AND i.scheme = f.scheme
                AND i.payer_id = f.payer_id AND i.month = f.month AND i.line = f.line AND i.slip_id = f.slip_id
               LEFT JOIN ledger_allocation a ON a.person_id = f.person_id AND a.scheme = f.scheme
                AND a.payer_id = f.payer_id AND a.month = f.month AND a.line = f.line AND a.kind = 'paid'
              GROUP BY f.slip_id) f ON f.slip_id = s.id
 WHERE s.id IS NULL OR s.late_fee <> coalesce(f.fee, 0) OR f.live <> f.some_live
    OR f.live <> (s.state <> 'taken_back')
    OR CASE s.kind WHEN 'late_fee' THEN f.unpaid > 0 ELSE f.without_item > 0 END

-- name: late_fee_is_paid_and_open
-- For each payer: the late fee asked for = what receipts brought beyond the dues they settled + what open slips ask for.
SELECT coalesce(f.payer_id, s.payer_id) AS payer_id, f.asked, f.paid AS marked_paid, s.paid, s.open
  FROM (SELECT f.payer_id, sum(f.fee) AS asked, sum(f.fee) FILTER (WHERE f.receipt_id IS NOT NULL) AS paid
          FROM ledger_latefee f WHERE f.live GROUP BY f.payer_id) f
  FULL JOIN (SELECT s.payer_id, sum(s.late_fee) FILTER (WHERE s.state = 'open') AS open,
                    sum(r.amount - coalesce(a.amount, 0)) FILTER (WHERE s.state = 'paid') AS paid
               FROM ledger_slip s
               LEFT JOIN slip_money r ON r.slip_id = s.id
               LEFT JOIN (SELECT a.receipt_id, sum(a.employer_part + a.personal_part) AS amount
                            FROM ledger_allocation a
                           WHERE a.receipt_id IN (SELECT f.receipt_id FROM ledger_latefee f)
                           GROUP BY a.receipt_id) a ON a.receipt_id = r.receipt_id
              WHERE s.late_fee <> 0
              GROUP BY s.payer_id) s ON s.payer_id = f.payer_id
 WHERE coalesce(f.asked, 0) <> coalesce(s.paid, 0) + coalesce(s.open, 0) OR coalesce(f.paid, 0) <> coalesce(s.paid, 0)

-- name: late_fees_follow_from_their_days
-- A late fee is its principal by the days and rates it names, rounded once; its days lie between first and last.
SELECT f.slip_id, f.person_id, f.scheme, f.month, f.line, f.fee, p.fee AS worked_out
  FROM ledger_latefee f
 CROSS JOIN LATERAL (
       SELECT coalesce(round(f.principal * sum((p ->> 'days')::int * (p ->> 'rate')::numeric), 2), 0) AS fee,
              min((p ->> 'from')::date) AS first, max((p ->> 'until')::date) AS last,
              sum((p ->> 'days')::int) AS days
         FROM jsonb_array_elements(f.parts) AS p) p
 WHERE f.fee <> p.fee OR p.first < f.since OR p.last <> f.until OR p.days <> p.last - p.first + 1

-- name: claims_equal_their_items
-- An assessment of arrears is the sum of its lines, all of its payer and person, live until it is taken back.
SELECT c.number, c.items, i.items AS found, c.employer_part + c.personal_part AS amount, i.amount AS found_amount,
       c.late_fee, i.fee
  FROM ledger_claim c
  FULL JOIN (SELECT i.claim_id, min(i.payer_id) AS payer_id, count(DISTINCT i.payer_id) AS payers,
                    min(i.person_id) AS person_id, count(DISTINCT i.person_id) AS persons, count(*) AS items,
                    bool_and(i.live) AS live, bool_or(i.live) AS some_live, sum(d.employer_part) AS employer_part,
                    sum(d.personal_part) AS personal_part, sum(d.employer_part + d.personal_part) AS amount,
                    sum(i.fee) AS fee
               FROM ledger_claimitem i
               LEFT JOIN ledger_due d ON d.person_id = i.person_id AND d.scheme = i.scheme
                AND d.payer_id = i.payer_id AND d.month = i.month AND d.line = i.line
              GROUP BY i.claim_id) i ON i.claim_id = c.id
 WHERE c.id IS NULL OR i.claim_id IS NULL OR i.payers > 1 OR i.persons > 1 OR c.payer_id <> i.payer_id
    OR c.person_id <> i.person_id OR c.items <> i.items OR c.employer_part <> i.employer_part
    OR c.personal_part <> i.personal_part OR c.late_fee <> i.fee OR i.live <> i.some_live
    OR i.live <> (c.state <> 'taken_back')

-- name: claims_stand_on_their_slip
-- An assessment that is asked for stands whole on an open slip, a paid one on a paid slip, any other on none.
SELECT c.number, c.state, s.number AS slip, s.state AS slip_state, c.items, i.items AS on_slip
  FROM ledger_claim c
  LEFT JOIN ledger_slip s ON s.id = c.slip_id
  LEFT JOIN (SELECT h.claim_id, t.slip_id, count(*) AS items
               FROM ledger_claimitem h
               JOIN ledger_slipitem t ON t.person_id = h.person_id AND t.scheme = h.scheme
                AND t.payer_id = h.payer_id AND t.month = h.month AND t.line = h.line AND t.live
              WHERE h.live
              GROUP BY h.claim_id, t.slip_id) i ON i.claim_id = c.id
 WHERE (c.state IN ('asked', 'paid')) <> (c.slip_id IS NOT NULL)
    OR (c.state = 'asked' AND (s.state IS DISTINCT FROM 'open' OR i.slip_id IS DISTINCT FROM c.slip_id
                               OR i.items <> c.items OR s.payer_id <> c.payer_id))
    OR (c.state = 'paid' AND (s.state IS DISTINCT FROM 'paid' OR i.slip_id IS DISTINCT FROM c.slip_id))
    OR (c.state IN ('ready', 'taken_back') AND i.slip_id IS NOT NULL)

-- name: what_is_held_is_open
-- What an assessment holds that waits for its slip, is not settled.
SELECT c.number, i.person_id, i.scheme, i.month, i.line, a.kind
  FROM ledger_claim c
  JOIN ledger_claimitem i ON i.claim_id = c.id AND i.live
  JOIN ledger_allocation a ON a.person_id = i.person_id AND a.scheme = i.scheme AND a.payer_id = i.payer_id
   AND a.month = i.month AND a.line = i.line
 WHERE c.state IN ('ready', 'asked')

-- name: resolutions_account_for_their_money
-- What became of money in suspense: each resolution holds exactly its receipts and their sum, of matched money none; a
-- refund was decided by another officer than the one who proposed it.
SELECT n.id, n.kind, n.state, n.amount, r.amount AS found, n.receipt_ids, r.ids
  FROM ledger_resolution n
  FULL JOIN (SELECT r.resolution_id, sum(r.amount) AS amount, array_agg(r.id ORDER BY r.id) AS ids,
                    bool_or(r.state = 'matched') AS matched
               FROM ledger_receipt r WHERE r.resolution_id IS NOT NULL GROUP BY r.resolution_id) r
    ON r.resolution_id = n.id
 WHERE n.id IS NULL OR (r.ids IS NOT NULL AND (n.state = 'refused' OR r.matched))
    OR (n.state <> 'refused' AND (r.ids IS DISTINCT FROM n.receipt_ids OR r.amount <> n.amount))
    OR (n.kind = 'refunded' AND n.state <> 'proposed' AND n.decided_by IN ('', n.proposed_by))
    OR (n.kind = 'assigned') <> (n.slip_id IS NOT NULL)

-- name: revisions_tell_what_they_wrote
-- What payers were told of a revision is what its runs wrote for them, line by line, and did not write off at once.
SELECT coalesce(p.revision_id, d.revision_id) AS revision_id, coalesce(p.payer_id, d.payer_id) AS payer_id,
       p.employer_part + p.personal_part AS told, d.amount AS written
  FROM ledger_revisedpayer p
  FULL JOIN (SELECT v.id AS revision_id, d.payer_id, count(*) AS lines, sum(d.employer_part) AS employer_part,
                    sum(d.personal_part) AS personal_part, sum(d.employer_part + d.personal_part) AS amount
               FROM ledger_revision v
               JOIN ledger_run r ON r.kind = 'revision' AND r.source = 'revision:' || v.id
               JOIN ledger_due d ON d.run_id = r.id AND d.month = r.month
              WHERE v.state <> 'running'
                AND NOT EXISTS (SELECT FROM ledger_allocation a
                                 WHERE a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id
                                   AND a.month = d.month AND a.line = d.line AND a.source = 'run:' || d.run_id)
              GROUP BY v.id, d.payer_id) d ON d.revision_id = p.revision_id AND d.payer_id = p.payer_id
 WHERE p.payer_id IS NULL OR d.payer_id IS NULL OR p.lines <> d.lines OR p.employer_part <> d.employer_part
    OR p.personal_part <> d.personal_part
