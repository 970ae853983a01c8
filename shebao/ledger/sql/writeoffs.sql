-- name: chosen
-- The due lines named, as far as they exist.
SELECT d.person_id, d.scheme, d.payer_id, d.month, d.line, d.employer_part, d.personal_part
  FROM unnest(%(person_ids)s::bigint[], %(schemes)s::text[], %(payer_ids)s::bigint[], %(months)s::date[],
              %(lines)s::smallint[]) AS asked(person_id, scheme, payer_id, month, line)
  JOIN ledger_due d ON d.person_id = asked.person_id AND d.scheme = asked.scheme
   AND d.payer_id = asked.payer_id AND d.month = asked.month AND d.line = asked.line

-- name: on_live_slips
-- Which slips ask for some of these lines.
SELECT DISTINCT i.slip_id
  FROM settled_lines c
  JOIN ledger_slipitem i ON i.person_id = c.person_id AND i.scheme = c.scheme AND i.payer_id = c.payer_id
   AND i.month = c.month AND i.line = c.line AND i.live

-- name: on_live_claims
-- Which assessments of arrears hold some of these lines.
SELECT DISTINCT i.claim_id
  FROM settled_lines c
  JOIN ledger_claimitem i ON i.person_id = c.person_id AND i.scheme = c.scheme AND i.payer_id = c.payer_id
   AND i.month = c.month AND i.line = c.line AND i.live

-- name: partly_paid
-- Dues of which some other line has been paid: what is left of them is no month that nobody has to pay.
SELECT d.person_id
  FROM settled_lines d
  JOIN ledger_allocation a ON a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id
   AND a.month = d.month AND a.kind = 'paid' AND a.line <> d.line
 GROUP BY d.person_id, d.scheme, d.payer_id, d.month, d.line
HAVING sum(a.employer_part + a.personal_part) <> 0
 LIMIT 1

-- name: left_open
-- Dues of which some line is open that was not named: found at this moment, or forgotten.
SELECT d.person_id
  FROM settled_lines c
  JOIN ledger_due d ON d.person_id = c.person_id AND d.scheme = c.scheme AND d.payer_id = c.payer_id
   AND d.month = c.month
 WHERE NOT EXISTS (SELECT FROM ledger_allocation a
                    WHERE a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id
                      AND a.month = d.month AND a.line = d.line)
   AND NOT EXISTS (SELECT FROM settled_lines o
                    WHERE o.person_id = d.person_id AND o.scheme = d.scheme AND o.payer_id = d.payer_id
                      AND o.month = d.month AND o.line = d.line)
 LIMIT 1

-- name: write_off
-- The lines are settled without money: nothing is credited to an account.
INSERT INTO ledger_allocation (person_id, scheme, payer_id, month, line, kind, employer_part, personal_part,
                               settled_on, receipt_id, source)
SELECT c.person_id, c.scheme, c.payer_id, c.month, c.line, 'written_off', c.employer_part, c.personal_part,
       %(settled_on)s, NULL, %(source)s
  FROM settled_lines c

-- name: open_in_month
-- Whom a payer still owes for in one month: in which schemes, how much, and what asks for it or holds it already.
SELECT d.person_id, p.name, p.id_number, array_agg(DISTINCT d.scheme ORDER BY d.scheme) AS schemes,
       sum(d.employer_part) AS employer_part, sum(d.personal_part) AS personal_part,
       sum(d.employer_part + d.personal_part) AS amount, max(s.number) AS slip_number, max(c.number) AS claim_number,
       (SELECT coalesce(sum(a.employer_part + a.personal_part), 0.00)
          FROM ledger_allocation a
         WHERE a.person_id = d.person_id AND a.payer_id = %(payer_id)s AND a.month = %(month)s AND a.kind = 'paid') AS paid
  FROM people w
  JOIN ledger_due d ON d.person_id = w.person_id AND d.payer_id = w.payer_id AND d.month = %(month)s
  JOIN registry_person p ON p.id = d.person_id
  LEFT JOIN ledger_slipitem i ON i.person_id = d.person_id AND i.scheme = d.scheme AND i.payer_id = d.payer_id
   AND i.month = d.month AND i.line = d.line AND i.live AND i.month = %(month)s
  LEFT JOIN ledger_slip s ON s.id = i.slip_id
  LEFT JOIN ledger_claimitem h ON h.person_id = d.person_id AND h.scheme = d.scheme AND h.payer_id = d.payer_id
   AND h.month = d.month AND h.line = d.line AND h.live
  LEFT JOIN ledger_claim c ON c.id = h.claim_id
 WHERE NOT EXISTS (SELECT FROM ledger_allocation a
                    WHERE a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id
                      AND a.month = d.month AND a.line = d.line AND a.month = %(month)s)
   AND d.person_id > %(after)s AND (%(person_ids)s::bigint[] IS NULL OR d.person_id = ANY (%(person_ids)s::bigint[]))
   AND (%(search)s = '' OR p.name LIKE %(search)s || '%%' OR p.id_number = %(search)s OR p.personal_number = %(search)s)
 GROUP BY d.person_id, p.name, p.id_number
HAVING sum(d.employer_part + d.personal_part) > 0
 ORDER BY d.person_id
 LIMIT %(limit)s

-- name: open_lines
-- The open lines of these people's month with a payer.
SELECT d.person_id, d.scheme, d.payer_id, d.month, d.line
  FROM ledger_due d
 WHERE d.person_id = ANY (%(person_ids)s::bigint[]) AND d.payer_id = %(payer_id)s AND d.month = %(month)s
   AND NOT EXISTS (SELECT FROM ledger_allocation a
                    WHERE a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id
                      AND a.month = d.month AND a.line = d.line AND a.month = %(month)s)
