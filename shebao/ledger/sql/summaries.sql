-- name: version
-- What an employer's sums depend on: its bills count every line that is due and every one that is settled, its slips
-- and its assessments of arrears hold which lines are asked for. Null for a payer without bills.
SELECT (SELECT nullif(count(*), 0)::text || ' ' || sum(b.lines) || ' ' || sum(b.settled) || ' '
               || sum(b.employer_part + b.personal_part)
          FROM ledger_bill b
         WHERE b.payer_id = %(payer_id)s)
       || ' ' ||
       (SELECT count(*) || ' ' || count(*) FILTER (WHERE s.state = 'taken_back')
          FROM ledger_slip s
         WHERE s.payer_id = %(payer_id)s)
       || ' ' ||
       (SELECT count(*) || ' ' || count(*) FILTER (WHERE c.state = 'taken_back')
          FROM ledger_claim c
         WHERE c.payer_id = %(payer_id)s) AS version

-- name: find
-- What is kept, if it is of this version.
SELECT s.content::text AS content FROM ledger_summary s WHERE s.about = %(about)s AND s.version = %(version)s

-- name: keep
-- The newest sums take the place of those before.
INSERT INTO ledger_summary (about, version, content) VALUES (%(about)s, %(version)s, %(content)s)
ON CONFLICT (about) DO UPDATE SET version = EXCLUDED.version, content = EXCLUDED.content
