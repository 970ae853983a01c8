-- name: narrow
-- The periods that reach into these months, under the name that the assessment reads, in the order of people.
CREATE TEMPORARY TABLE registry_enrolment ON COMMIT DROP AS
SELECT *
  FROM demo_making.registry_enrolment
 WHERE starts <= %(last)s AND (ends IS NULL OR ends >= %(first)s) AND kind <> 'resident'
 ORDER BY person_id, scheme

-- name: widen
-- The next months have other periods.
DROP TABLE pg_temp.registry_enrolment

-- name: number_runs
-- One run a month.
INSERT INTO demo_making.run (month, run_id)
SELECT month, nextval(pg_get_serial_sequence('ledger_run', 'id'))
  FROM unnest(%(months)s::date[]) AS m(month)
 ORDER BY month

-- name: assess
-- The dues of these months, as the rule says: first lines, as nothing is posted yet.
INSERT INTO {due} (person_id, scheme, payer_id, month, line, declared, base, employer_part, personal_part, account_part,
                   terms_id, run_id)
SELECT d.person_id, d.scheme, d.payer_id, d.month, 1, d.declared, d.base, d.employer_part, d.personal_part,
       d.account_part, d.terms_id, r.run_id
  FROM rule d
  JOIN demo_making.run r ON r.month = d.month

-- name: add_up
-- What each payer owes by month and scheme.
INSERT INTO demo_making.owed (payer_id, month, scheme, persons, employer_part, personal_part)
SELECT payer_id, month, scheme, count(*), sum(employer_part), sum(personal_part)
  FROM {due}
 WHERE month BETWEEN %(first)s AND %(last)s
 GROUP BY payer_id, month, scheme

-- name: decide_payments
-- Which months each payer pays and when: between the 8th and the 20th, some payers months later, some not at all.
-- Since the hall is online each payment has a slip; some slips wait for their money.
INSERT INTO demo_making.payment (payer_id, month, settled_on, asked_on)
SELECT o.payer_id, o.month,
       CASE WHEN w.pays AND w.on_day <= %(today)s THEN w.on_day END,
       CASE WHEN o.month >= %(online_from)s AND (w.pays OR o.month = p.open_slip) AND w.on_day <= %(today)s
            THEN w.on_day - 2 END
  FROM (SELECT DISTINCT payer_id, month FROM demo_making.owed) o
  JOIN demo_making.payer p ON p.payer_id = o.payer_id
 CROSS JOIN LATERAL (
       SELECT p.unpaid_from IS NULL OR o.month < p.unpaid_from OR o.month > p.unpaid_until AS pays,
              (o.month + p.late_by * interval '1 month')::date
                + (7 + (o.payer_id * 7 + extract(month FROM o.month)::int * 5) %% 13)::int AS on_day) w

-- name: ask_for
-- The payments that have a slip.
SELECT payer_id, month, asked_on, settled_on
  FROM demo_making.payment
 WHERE asked_on IS NOT NULL
 ORDER BY month, payer_id

-- name: fresh_ids
-- As many ids as are asked for, from the sequences of the books.
SELECT nextval(pg_get_serial_sequence('ledger_slip', 'id')), nextval(pg_get_serial_sequence('ledger_receipt', 'id')),
       nextval('ledger_slip_serial')
  FROM generate_series(1, %(count)s)

-- name: name_slips
-- The slips and receipts of the months that have them.
UPDATE demo_making.payment p
   SET slip_id = s.slip_id, receipt_id = s.receipt_id
  FROM demo_making.slip s
 WHERE s.payer_id = p.payer_id AND s.month = p.month

-- name: asked
-- The due lines that are paid, or asked for by a slip. Not those of people who were left off their employer's slip.
SELECT d.person_id, d.scheme, d.payer_id, d.month, d.line, d.employer_part, d.personal_part, d.account_part,
       p.settled_on, p.receipt_id, p.slip_id
  FROM {due} d
  JOIN demo_making.payment p ON p.payer_id = d.payer_id AND p.month = d.month
   AND p.month BETWEEN %(first)s AND %(last)s AND (p.settled_on IS NOT NULL OR p.asked_on IS NOT NULL)
 WHERE NOT EXISTS (SELECT FROM demo_making.unpaid u
                    WHERE u.person_id = d.person_id AND u.payer_id = d.payer_id
                      AND d.month BETWEEN u.starts AND u.ends)

-- name: allocate
-- They are settled, whole.
INSERT INTO {allocation} (person_id, scheme, payer_id, month, line, kind, employer_part, personal_part, settled_on,
                          receipt_id, source)
SELECT person_id, scheme, payer_id, month, line, 'paid', employer_part, personal_part, settled_on, receipt_id,
       CASE WHEN receipt_id IS NULL THEN %(source)s ELSE '' END
  FROM asked
 WHERE settled_on IS NOT NULL

-- name: credit
-- What they credit to the personal accounts.
INSERT INTO {accountline} (person_id, account, month, kind, payer_id, line, amount, posted_on, source)
SELECT person_id, scheme, month, 'contribution', payer_id, line, account_part, settled_on,
       coalesce('receipt:' || receipt_id, %(source)s)
  FROM asked
 WHERE settled_on IS NOT NULL AND account_part <> 0

-- name: itemise
-- The lines on each slip.
INSERT INTO {slipitem} (person_id, scheme, payer_id, month, line, slip_id, live)
SELECT person_id, scheme, payer_id, month, line, slip_id, true
  FROM asked
 WHERE slip_id IS NOT NULL

-- name: total_slips
-- The sums of each slip.
INSERT INTO demo_making.slip_total (slip_id, items, persons, employer_part, personal_part)
SELECT slip_id, count(*), count(DISTINCT person_id), sum(employer_part), sum(personal_part)
  FROM asked
 WHERE slip_id IS NOT NULL
 GROUP BY slip_id

-- name: count_settled
-- How many due lines of each payer, month and scheme are settled.
INSERT INTO demo_making.settled (payer_id, month, scheme, lines)
SELECT payer_id, month, scheme, count(*)
  FROM {allocation}
 WHERE month BETWEEN %(first)s AND %(last)s
 GROUP BY payer_id, month, scheme

-- name: sum_accounts
-- What each pension account was credited in a year, and the same weighted by the months that it then lay there.
INSERT INTO demo_making.account_year (person_id, year, credited, weighted)
SELECT person_id, extract(year FROM month)::int, sum(amount), sum(amount * (12 - extract(month FROM month)))
  FROM {accountline}
 WHERE account = 'pension' AND kind = 'contribution' AND month BETWEEN %(first)s AND %(last)s
 GROUP BY person_id, extract(year FROM month)

-- name: earn_interest
-- The interest of every pension account, year by year: on what it held at the beginning for the whole year, on each
-- month's contribution for the months left. Accounts of pensioners and of the dead earn nothing after that year.
CREATE UNLOGGED TABLE demo_making.interest AS
WITH RECURSIVE rate AS (
    SELECT * FROM unnest(%(years)s::int[], %(rates)s::numeric[]) AS r(year, rate)
), owner AS (
    SELECT id AS person_id, extract(year FROM least(retired_from, died_on))::int AS last_year FROM demo_making.person
), began AS (
    SELECT DISTINCT ON (person_id) person_id, year, credited, weighted
      FROM demo_making.account_year
     ORDER BY person_id, year
), account AS (
    SELECT b.person_id, b.year, i.interest, b.credited + i.interest AS held
      FROM began b
      JOIN rate r ON r.year = b.year
     CROSS JOIN LATERAL (SELECT round(b.weighted * r.rate / 12, 2) AS interest) i
     UNION ALL
    SELECT a.person_id, r.year, i.interest, a.held + coalesce(y.credited, 0) + i.interest
      FROM account a
      JOIN rate r ON r.year = a.year + 1
      JOIN owner o ON o.person_id = a.person_id AND (o.last_year IS NULL OR o.last_year >= r.year)
      LEFT JOIN demo_making.account_year y ON y.person_id = a.person_id AND y.year = r.year
     CROSS JOIN LATERAL (SELECT round(a.held * r.rate + coalesce(y.weighted, 0) * r.rate / 12, 2) AS interest) i
)
SELECT person_id, year, interest FROM account WHERE interest <> 0

-- name: credit_interest
-- The interest of these years enters the accounts, in December.
INSERT INTO {accountline} (person_id, account, month, kind, payer_id, line, amount, posted_on, source)
SELECT person_id, 'pension', make_date(year, 12, 1), 'interest', person_id, 1, interest, make_date(year, 12, 31),
       %(source)s
  FROM demo_making.interest
 WHERE make_date(year, 12, 1) BETWEEN %(first)s AND %(last)s

-- name: add_runs
-- The assessments that made the dues, one a month.
INSERT INTO ledger_run (id, kind, month, state, source, started_at, finished_at, lines, totals, problem)
SELECT r.run_id, 'month', r.month, 'done', %(source)s, (r.month + 4 + time '02:10') AT TIME ZONE 'Asia/Shanghai',
       (r.month + 4 + time '02:20') AT TIME ZONE 'Asia/Shanghai', coalesce(l.lines, 0), coalesce(l.totals, '{}'), ''
  FROM demo_making.run r
  LEFT JOIN (SELECT month, sum(persons) AS lines,
                    jsonb_object_agg(scheme, jsonb_build_object('persons', persons, 'employer_part', employer_part::text,
                                                                'personal_part', personal_part::text)) AS totals
               FROM (SELECT month, scheme, sum(persons)::bigint AS persons, sum(employer_part) AS employer_part,
                            sum(personal_part) AS personal_part
                       FROM demo_making.owed
                      GROUP BY month, scheme) s
              GROUP BY month) l ON l.month = r.month

-- name: add_bills
-- The employers' bills.
INSERT INTO ledger_bill (payer_id, month, scheme, persons, employer_part, personal_part, lines, settled)
SELECT o.payer_id, o.month, o.scheme, o.persons, o.employer_part, o.personal_part, o.persons, coalesce(s.lines, 0)
  FROM demo_making.owed o
  JOIN demo_making.payer p ON p.payer_id = o.payer_id AND p.is_employer
  LEFT JOIN demo_making.settled s ON s.payer_id = o.payer_id AND s.month = o.month AND s.scheme = o.scheme
 ORDER BY o.payer_id, o.month, o.scheme

-- name: add_slips
-- The slips of the months since the hall went online.
INSERT INTO ledger_slip (id, number, payer_id, kind, first_month, last_month, persons, items, employer_part,
                         personal_part, late_fee, total, due_on, state, source, made_at, closed_at)
SELECT s.slip_id, s.number, s.payer_id, 'monthly', s.month, s.month, t.persons, t.items, t.employer_part,
       t.personal_part, 0, t.employer_part + t.personal_part, s.due_on,
       CASE WHEN s.settled_on IS NULL THEN 'open' ELSE 'paid' END, %(source)s,
       (s.asked_on + time '10:00') AT TIME ZONE 'Asia/Shanghai',
       (s.settled_on + time '18:00') AT TIME ZONE 'Asia/Shanghai'
  FROM demo_making.slip s
  JOIN demo_making.slip_total t ON t.slip_id = s.slip_id
 ORDER BY s.slip_id

-- name: add_receipts
-- The money that came for them.
INSERT INTO ledger_receipt (id, reference, slip_number, slip_id, amount, received_on, state, file_id, taken_at)
SELECT s.receipt_id, 'DEMO' || lpad(s.receipt_id::text, 10, '0'), s.number, s.slip_id,
       t.employer_part + t.personal_part, s.settled_on, 'matched', NULL,
       (s.settled_on + time '18:00') AT TIME ZONE 'Asia/Shanghai'
  FROM demo_making.slip s
  JOIN demo_making.slip_total t ON t.slip_id = s.slip_id
 WHERE s.settled_on IS NOT NULL
 ORDER BY s.receipt_id

-- name: add_suspense
-- Money that waits: for a slip nobody knows, a wrong amount for a slip that is open, a second payment of one that is paid.
INSERT INTO ledger_receipt (reference, slip_number, slip_id, amount, received_on, state, taken_at)
SELECT 'DEMO-' || r.state, r.number, r.id, r.amount, r.day, r.state, (r.day + time '18:00') AT TIME ZONE 'Asia/Shanghai'
  FROM ((SELECT 'unknown_slip' AS state, %(strange_number)s AS number, NULL::bigint AS id, 3210.50 AS amount,
                %(today)s::date - 6 AS day)
         UNION ALL
        (SELECT 'wrong_amount', number, id, total + 1.10, %(today)s::date - 4
           FROM ledger_slip WHERE state = 'open' ORDER BY id LIMIT 1)
         UNION ALL
        (SELECT 'already_paid', number, id, total, %(today)s::date - 3
           FROM ledger_slip WHERE state = 'paid' AND payer_id IN (SELECT id FROM registry_employer)
          ORDER BY id DESC LIMIT 1)) r
