-- name: write
-- Rows as written and as first understood; an open row of the same number is written over. Where the page writes over
-- what a workbook said, that is kept beside it.
INSERT INTO casework_row (case_id, number, key, raw, data, problems, flags, notes, state, reason, upload_id, line)
SELECT %(case)s, w.number, w.key, w.raw, w.data, w.problems, '[]', '[]', w.state, '', %(upload)s, w.line
FROM jsonb_to_recordset(%(rows)s::jsonb)
  AS w(number int, key text, raw jsonb, data jsonb, problems jsonb, state text, line int)
ON CONFLICT (case_id, number) DO UPDATE
SET key = excluded.key, raw = excluded.raw, data = excluded.data, problems = excluded.problems,
    in_file = CASE WHEN excluded.upload_id IS NULL THEN
                COALESCE(casework_row.in_file, CASE WHEN casework_row.upload_id IS NOT NULL THEN casework_row.raw END)
              END,
    state = excluded.state, upload_id = excluded.upload_id, line = excluded.line
WHERE casework_row.state IN ('draft', 'bad', 'returned');

-- name: keep_findings
-- What was found with each row, where that is something new; a reason that is not given stays as it was.
UPDATE casework_row r
SET key = f.key, data = f.data, problems = f.problems, flags = f.flags, notes = f.notes, state = f.state,
    reason = COALESCE(f.reason, r.reason)
FROM jsonb_to_recordset(%(findings)s::jsonb)
  AS f(id bigint, key text, data jsonb, problems jsonb, flags jsonb, notes jsonb, state text, reason text)
WHERE r.id = f.id AND r.case_id = %(case)s;

-- name: tally
-- How many rows of a case stand how; removed ones don't count.
SELECT count(*) FILTER (WHERE state <> 'removed') AS total,
       count(*) FILTER (WHERE state NOT IN ('bad', 'removed')) AS good,
       count(*) FILTER (WHERE state = 'bad') AS bad,
       count(*) FILTER (WHERE state IN ('draft', 'submitted') AND flags <> '[]') AS flagged,
       COALESCE(max(number), 0) AS last
FROM casework_row WHERE case_id = %(case)s;

-- name: faults
-- What is wrong with the bad rows of a case: each rule on each field once, with its first sentence and how many rows.
SELECT p ->> 'rule' AS rule, p ->> 'field' AS field, (array_agg(p ->> 'sentence' ORDER BY r.number))[1] AS sentence,
       count(DISTINCT r.id) AS rows
FROM casework_row r, jsonb_array_elements(r.problems) p
WHERE r.case_id = %(case)s AND r.state = 'bad'
GROUP BY 1, 2 ORDER BY min(r.number), 1 LIMIT %(most)s;

-- name: send_back
-- Submitted rows returned by an officer, each with its reason.
UPDATE casework_row r
SET state = 'returned', reason = b.reason
FROM unnest(%(numbers)s::int[], %(reasons)s::text[]) AS b(number, reason)
WHERE r.case_id = %(case)s AND r.number = b.number AND r.state = 'submitted';

-- name: point
-- Rows that came back unchanged stand in another line of another workbook now.
UPDATE casework_row r
SET upload_id = %(upload)s, line = b.line
FROM unnest(%(numbers)s::int[], %(lines)s::int[]) AS b(number, line)
WHERE r.case_id = %(case)s AND r.number = b.number AND r.state IN ('draft', 'bad', 'returned');
