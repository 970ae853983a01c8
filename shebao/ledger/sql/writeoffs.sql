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

-- name: write_off
-- The lines are settled without money: nothing is credited to an account.
INSERT INTO ledger_allocation (person_id, scheme, payer_id, month, line, kind, employer_part, personal_part,
                               settled_on, receipt_id, source)
SELECT c.person_id, c.scheme, c.payer_id, c.month, c.line, 'written_off', c.employer_part, c.personal_part,
       %(settled_on)s, NULL, %(source)s
  FROM settled_lines c
