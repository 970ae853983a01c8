-- name: archive
-- One employer of 50,000, ten of 5,000, all others of 50; everybody in five schemes; each with a name and a number.
TRUNCATE registry_enrolment, registry_injuryclass, registry_personkey, registry_card;
TRUNCATE ledger_due, ledger_slipitem, ledger_allocation, ledger_accountline, ledger_bill, ledger_run, ledger_receipt;
TRUNCATE casework_row, casework_material, casework_move, casework_upload, casework_case, ledger_slip CASCADE;
TRUNCATE identity_account, django_session CASCADE;
DELETE FROM registry_employer;
DELETE FROM registry_person;
INSERT INTO registry_office (code, name, address, hours)
SELECT '4201' || lpad((1 + n)::text, 2, '0'), '第' || n || '社保处', '', '' FROM generate_series(1, 13) n
ON CONFLICT DO NOTHING;
INSERT INTO registry_employer (id, number, uscc, name, office_id, grade, state, schemes, contact_name, contact_phone, email,
                               address, founded_on, registered_on, source)
SELECT %(first)s + n, (4200000000 + n)::text, '91' || lpad(n::text, 16, '0'), '第' || n || '示例公司',
       '4201' || lpad((2 + n %% 13)::text, 2, '0'), CASE WHEN n %% 5 = 0 THEN 'trusted' ELSE 'ordinary' END, 'active',
       '{pension,medical,large_medical,injury,unemployment}', '', '', '', '', '2010-01-01', '2010-01-01', 'bench'
  FROM generate_series(0, %(employers)s - 1) n;
INSERT INTO registry_injuryclass (employer_id, starts, injury_class)
SELECT id, '2010-01-01', 1 + id %% 8 FROM registry_employer;
CREATE TEMP TABLE bench_member AS
SELECT n::bigint AS person_id, %(first)s + CASE WHEN n <= 50000 THEN 0 WHEN n <= 100000 THEN 1 + (n - 50001) / 5000
                                      ELSE 11 + (n - 100001) / 50 END AS payer_id
  FROM generate_series(1, %(people)s) n;
INSERT INTO registry_person (id, id_number, personal_number, name, sex, birth_date, mobile, email, address, bank_tail,
                             photo, special_group, source, created_at)
SELECT n, '420102' || 19600101 + n %% 400000 || lpad((n %% 10000)::text, 4, '0'), lpad(n::text, 10, '0'),
       substr('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨', 1 + n %% 16, 1) || substr('晓芳志强海燕建国桂英家豪思远雨桐', 1 + n / 7 %% 16, 1)
       || substr('明华丽军敏静磊洋勇艳杰娟涛霞', 1 + n / 3 %% 14, 1), 'M', '1990-01-01', '', '', '', '', '', '', 'bench', now()
  FROM generate_series(1, %(people)s) n;
INSERT INTO registry_personkey (kind, value, person_id)
SELECT 'personal_number', lpad(n::text, 10, '0'), n FROM generate_series(1, %(people)s) n;
INSERT INTO registry_enrolment (person_id, scheme, starts, version, payer_id, kind, declared_wage, hired_on,
                                opened_late, reason, source, closed_source, reversed_by)
SELECT m.person_id, s.scheme, '2025-01-01', 1, m.payer_id, 'employee', 3000 + (m.person_id * 7919) %% 25000,
       '2025-01-06', false, '', 'bench', '', ''
  FROM bench_member m
 CROSS JOIN unnest('{pension,medical,large_medical,injury,unemployment}'::text[]) s(scheme);
DROP TABLE bench_member

-- name: slips
-- The first of the months has a slip for every employer; nine in ten have paid it.
INSERT INTO ledger_slip (number, payer_id, kind, first_month, last_month, persons, items, employer_part, personal_part,
                         late_fee, total, due_on, state, source, made_at)
SELECT 'B' || lpad(b.payer_id::text, 20, '0'), b.payer_id, 'monthly', %(month)s, %(month)s, max(b.persons), sum(b.lines),
       sum(b.employer_part), sum(b.personal_part), 0, sum(b.employer_part + b.personal_part), %(due_on)s,
       CASE WHEN b.payer_id %% 10 = 7 THEN 'open' ELSE 'paid' END, 'bench', now()
  FROM ledger_bill b WHERE b.month = %(month)s GROUP BY b.payer_id;
ANALYZE ledger_due, ledger_slip;
INSERT INTO ledger_slipitem (person_id, scheme, payer_id, month, line, slip_id, live)
SELECT d.person_id, d.scheme, d.payer_id, d.month, d.line, s.id, true
  FROM ledger_due d JOIN ledger_slip s ON s.payer_id = d.payer_id WHERE d.month = %(month)s;
INSERT INTO ledger_receipt (reference, slip_number, slip_id, amount, received_on, state, taken_at)
SELECT 'R' || s.id, s.number, s.id, s.total, %(due_on)s, 'matched', now() FROM ledger_slip s WHERE s.state = 'paid';
INSERT INTO ledger_receipt (reference, slip_number, slip_id, amount, received_on, state, taken_at)
SELECT 'W' || s.id, s.number, s.id, s.total - 1, %(due_on)s, 'wrong_amount', now() FROM ledger_slip s
 WHERE s.id %% 50 = 0;
ANALYZE ledger_receipt;
INSERT INTO ledger_allocation (person_id, scheme, payer_id, month, line, kind, employer_part, personal_part, settled_on,
                               receipt_id, source)
SELECT d.person_id, d.scheme, d.payer_id, d.month, d.line, 'paid', d.employer_part, d.personal_part, %(due_on)s, r.id,
       'bench'
  FROM ledger_due d
  JOIN ledger_slip s ON s.payer_id = d.payer_id AND s.state = 'paid'
  JOIN ledger_receipt r ON r.slip_id = s.id AND r.state = 'matched'
 WHERE d.month = %(month)s;
UPDATE ledger_bill b SET settled = b.lines WHERE b.month = %(month)s AND b.payer_id %% 10 <> 7

-- name: cases
-- Five cases for each employer and 2,000 for the largest, with five rows each: one in twenty waits at its office's desk,
-- one is a draft, one was returned.
INSERT INTO casework_case (number, service_code, party_kind, party_id, party_name, grade, office_code, filed_by,
                           filed_by_name, filed_on, state, awaits, review, reason, about, total, good, bad, flagged,
                           version, token, created_at, saved_at, submitted_at, due, closed_at, lacks_papers)
SELECT 'BENCH' || lpad(k::text, 15, '0'), CASE WHEN k %% 3 = 0 THEN 'pause-employees' ELSE 'enrol-employees' END,
       'employer', e.id, e.name, e.grade, e.office_id, 1, '张明', '2026-11-01'::date + (k %% 10)::int,
       CASE k %% 20 WHEN 0 THEN 'submitted' WHEN 1 THEN 'draft' WHEN 2 THEN 'returned' ELSE 'approved' END,
       CASE k %% 20 WHEN 0 THEN 'officer' ELSE '' END, 'officer', CASE k %% 20 WHEN 2 THEN '劳动合同缺少签字页' ELSE '' END,
       '李*明等 5 人', 5, 5, 0, 0, 1, gen_random_uuid(), t.at, t.at, CASE WHEN k %% 20 <> 1 THEN t.at END,
       '2026-11-13'::date + (k %% 5)::int, CASE WHEN k %% 20 > 2 THEN t.at END, k %% 20 = 0 AND e.grade = 'ordinary'
  FROM generate_series(1, 5 * %(employers)s + 2000) k
  JOIN registry_employer e ON e.id = %(first)s + CASE WHEN k <= 5 * %(employers)s THEN k / 5 %% %(employers)s ELSE 0 END
 CROSS JOIN LATERAL (SELECT '2026-11-01 09:00+08'::timestamptz + k %% 14000 * interval '1 minute' AS at) t;
ANALYZE casework_case;
INSERT INTO casework_row (case_id, number, key, raw, data, problems, flags, notes, state, reason)
SELECT c.id, n, k.key, jsonb_build_object('id_number', k.key, 'name', '李小明', 'hired_on', '2026-11-01', 'wage', '6500',
                                          'starts', '2026-11', 'reason', 'resigned'), '{}', '[]', '[]', '[]',
       CASE c.state WHEN 'withdrawn' THEN 'removed' ELSE c.state END, c.reason
  FROM casework_case c
 CROSS JOIN generate_series(1, 5) n
 CROSS JOIN LATERAL (SELECT '42010219900101' || lpad((c.id * 5 + n)::text, 4, '0') AS key) k;
INSERT INTO casework_move (case_id, at, by, by_name, before, after, reason, outcome)
SELECT c.id, c.saved_at, 'account:1', '张明', '', 'draft', '', '{}' FROM casework_case c
