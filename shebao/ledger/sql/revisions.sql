-- name: months_done
-- The months of a revision that are carried out.
SELECT r.month FROM ledger_run r WHERE r.kind = 'revision' AND r.source = %(ref)s AND r.state = 'done'

-- name: sum_up
-- What a revision wrote, payer by payer; what is summed up already stays. What it wrote off at once is nobody's to pay.
INSERT INTO ledger_revisedpayer (revision_id, payer_id, of_employer, persons, lines, first_month, last_month,
                                 employer_part, personal_part)
SELECT %(revision_id)s, d.payer_id, EXISTS (SELECT FROM registry_employer e WHERE e.id = d.payer_id),
       count(DISTINCT d.person_id), count(*), min(d.month), max(d.month), sum(d.employer_part), sum(d.personal_part)
  FROM ledger_run r
  JOIN ledger_due d ON d.run_id = r.id AND d.month = r.month
 WHERE r.kind = 'revision' AND r.source = %(ref)s AND d.month BETWEEN %(first)s AND %(last)s
   AND NOT EXISTS (SELECT FROM ledger_allocation a
                    WHERE a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id
                      AND a.month = d.month AND a.line = d.line AND a.source = 'run:' || d.run_id)
 GROUP BY d.payer_id
 ORDER BY d.payer_id
    ON CONFLICT DO NOTHING
RETURNING revision_id, payer_id, of_employer, persons, lines, first_month, last_month, employer_part, personal_part

-- name: terms_compared
-- By scheme, the values behind the terms of the lines of a revision, and of the lines before them.
SELECT DISTINCT d.scheme, old.value_ids AS before, new.value_ids AS after
  FROM ledger_run r
  JOIN ledger_due d ON d.run_id = r.id AND d.month = r.month AND d.month BETWEEN %(first)s AND %(last)s
  JOIN ledger_due b ON b.person_id = d.person_id AND b.scheme = d.scheme AND b.payer_id = d.payer_id
   AND b.month = d.month AND b.line = d.line - 1
  JOIN policy_terms old ON old.id = b.terms_id
  JOIN policy_terms new ON new.id = d.terms_id
 WHERE r.kind = 'revision' AND r.source = %(ref)s AND b.terms_id <> d.terms_id

-- name: of_payer
-- The lines that a revision wrote for these payers, each with the base of the line before it; without what it wrote off.
SELECT d.person_id, d.payer_id, d.month, d.scheme, d.base, b.base AS base_before, d.employer_part, d.personal_part
  FROM people w
  JOIN ledger_due d ON d.person_id = w.person_id AND d.payer_id = w.payer_id AND d.month BETWEEN %(first)s AND %(last)s
  JOIN ledger_run r ON r.id = d.run_id AND r.kind = 'revision' AND r.source = %(ref)s
  LEFT JOIN ledger_due b ON b.person_id = d.person_id AND b.scheme = d.scheme AND b.payer_id = d.payer_id
   AND b.month = d.month AND b.line = d.line - 1
 WHERE w.person_id > %(after)s
   AND NOT EXISTS (SELECT FROM ledger_allocation a
                    WHERE a.person_id = d.person_id AND a.scheme = d.scheme AND a.payer_id = d.payer_id
                      AND a.month = d.month AND a.line = d.line AND a.source = 'run:' || d.run_id)

-- name: person_months
-- By person and month, the insurances that share their bases; as many people as a page holds.
SELECT l.person_id, p.name, p.id_number, l.month, array_agg(l.scheme ORDER BY l.scheme) AS schemes, l.base_before,
       l.base, sum(l.employer_part) AS employer_part, sum(l.personal_part) AS personal_part,
       sum(l.employer_part + l.personal_part) AS amount
  FROM written l
  JOIN registry_person p ON p.id = l.person_id
 WHERE l.person_id IN (SELECT DISTINCT o.person_id FROM written o ORDER BY o.person_id LIMIT %(limit)s)
 GROUP BY l.person_id, p.name, p.id_number, l.month, l.base_before, l.base
 ORDER BY l.person_id, l.month, l.base_before

-- name: listed
-- The newest revisions.
SELECT v.id, v.first_month, v.last_month, v.state, v.ordered_at, v.finished_at, v.lines, v.problem,
       (SELECT count(*) FROM ledger_revisedpayer p WHERE p.revision_id = v.id) AS payers,
       (SELECT coalesce(sum(p.employer_part + p.personal_part), 0.00)
          FROM ledger_revisedpayer p WHERE p.revision_id = v.id) AS amount
  FROM ledger_revision v
 ORDER BY v.id DESC
 LIMIT %(limit)s
