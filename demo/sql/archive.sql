-- name: begin
-- The schema the city is made in, and the tables that its people and employers are copied into.
DROP SCHEMA IF EXISTS demo_making CASCADE;
CREATE SCHEMA demo_making;
CREATE UNLOGGED TABLE demo_making.person (
    id bigint, id_number text, personal_number text, name text, sex text, birth_date date, mobile text, address text,
    bank_tail text, retired_from date, died_on date);
CREATE UNLOGGED TABLE demo_making.card (person_id bigint, number text, state text, issued_on date);
CREATE UNLOGGED TABLE demo_making.stretch (
    person_id bigint, payer_id bigint, kind text, set_number smallint, starts date, ends date, wage numeric(14,2),
    tier numeric(5,4), hired_on date, late boolean, reason text);
CREATE UNLOGGED TABLE demo_making.scheme_set (set_number smallint, scheme text);
CREATE UNLOGGED TABLE demo_making.payer (
    payer_id bigint PRIMARY KEY, is_employer boolean, late_by integer, unpaid_from date, unpaid_until date,
    open_slip date);
CREATE UNLOGGED TABLE demo_making.unpaid (person_id bigint, payer_id bigint, starts date, ends date);
CREATE UNLOGGED TABLE demo_making.run (month date PRIMARY KEY, run_id bigint);
CREATE UNLOGGED TABLE demo_making.slip (
    payer_id bigint, month date, slip_id bigint, receipt_id bigint, number text, due_on date,
    asked_on date, settled_on date);
CREATE UNLOGGED TABLE demo_making.payment (
    payer_id bigint, month date, settled_on date, asked_on date, receipt_id bigint, slip_id bigint,
    PRIMARY KEY (payer_id, month));
CREATE UNLOGGED TABLE demo_making.owed (
    payer_id bigint, month date, scheme text, persons integer, employer_part numeric(16,2), personal_part numeric(16,2));
CREATE UNLOGGED TABLE demo_making.settled (payer_id bigint, month date, scheme text, lines integer);
CREATE UNLOGGED TABLE demo_making.slip_total (
    slip_id bigint, items integer, persons integer, employer_part numeric(16,2), personal_part numeric(16,2));
CREATE UNLOGGED TABLE demo_making.account_year (
    person_id bigint, year integer, credited numeric(14,2), weighted numeric(16,2), PRIMARY KEY (person_id, year));
CREATE UNLOGGED TABLE demo_making.registry_enrolment (LIKE public.registry_enrolment INCLUDING DEFAULTS);
CREATE UNLOGGED TABLE demo_making.registry_injuryclass (LIKE public.registry_injuryclass INCLUDING DEFAULTS)

-- name: schemes_in_force
-- From when to when the policies have terms for a scheme, by kind of insured; null for no end.
SELECT kind, scheme, min(starts) AS starts,
       CASE WHEN bool_or(ends IS NULL) THEN NULL ELSE max(ends) END AS ends
  FROM policy_terms
 WHERE city = %(city)s
 GROUP BY kind, scheme

-- name: enrol
-- Each stretch becomes a period in every scheme of its set, as far as the scheme is in force.
INSERT INTO demo_making.registry_enrolment
       (person_id, scheme, starts, version, ends, payer_id, kind, declared_wage, tier, hired_on, opened_late, reason,
        source, closed_source, reversed_by)
SELECT s.person_id, c.scheme, p.starts, 1, p.ends, s.payer_id, s.kind, s.wage, s.tier, s.hired_on, s.late,
       CASE WHEN p.ends IS NOT DISTINCT FROM s.ends THEN s.reason ELSE 'other' END,
       %(source)s, CASE WHEN p.ends IS NULL THEN '' ELSE %(source)s END, ''
  FROM demo_making.stretch s
  JOIN demo_making.scheme_set c ON c.set_number = s.set_number
  LEFT JOIN (SELECT * FROM unnest(%(kinds)s::text[], %(schemes)s::text[], %(starts)s::date[], %(ends)s::date[])
                         AS f(kind, scheme, starts, ends)) f ON f.kind = s.kind AND f.scheme = c.scheme
 CROSS JOIN LATERAL (SELECT greatest(s.starts, f.starts) AS starts, least(s.ends, f.ends) AS ends) p
 WHERE (f.scheme IS NOT NULL OR s.kind = 'resident')
   AND (p.ends IS NULL OR p.starts <= p.ends)
 ORDER BY s.person_id, c.scheme, p.starts

-- name: add_offices
-- The district offices.
INSERT INTO registry_office (code, name, address, hours)
SELECT o.code, o.name, o.address, %(hours)s
  FROM unnest(%(codes)s::text[], %(names)s::text[], %(addresses)s::text[]) AS o(code, name, address)
    ON CONFLICT (code) DO NOTHING

-- name: add_people
-- The people enter the archive.
INSERT INTO registry_person (id, id_number, personal_number, name, sex, birth_date, mobile, email, address, bank_tail,
                             photo, special_group, retired_from, died_on, source, created_at)
SELECT id, id_number, personal_number, name, sex, birth_date, mobile, '', address, bank_tail, '', '', retired_from,
       died_on, %(source)s, %(now)s
  FROM demo_making.person
 ORDER BY id

-- name: add_keys
-- The numbers that lead to them.
INSERT INTO registry_personkey (kind, value, person_id)
SELECT k.kind, k.value, k.person_id
  FROM (SELECT 'id_number' AS kind, id_number AS value, id AS person_id FROM demo_making.person
         UNION ALL
        SELECT 'personal_number', personal_number, id FROM demo_making.person
         UNION ALL
        SELECT 'card_number', number, person_id FROM demo_making.card) k
 ORDER BY k.kind, k.value

-- name: add_cards
-- Their cards.
INSERT INTO registry_card (person_id, number, state, issued_on)
SELECT person_id, number, state, issued_on FROM demo_making.card ORDER BY person_id

-- name: add_enrolments
-- Their periods.
INSERT INTO public.registry_enrolment SELECT * FROM demo_making.registry_enrolment

-- name: add_injury_classes
-- The injury classes of the employers.
INSERT INTO public.registry_injuryclass SELECT * FROM demo_making.registry_injuryclass

-- name: foreign_keys
-- The foreign keys of a table, with what makes them again.
SELECT conname AS name, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint
 WHERE conrelid = %(table)s::regclass AND contype = 'f'

-- name: other_indexes
-- The indexes of a table that stand for no constraint, with what makes them again.
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
  FROM pg_index i
 WHERE i.indrelid = %(table)s::regclass
   AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))

