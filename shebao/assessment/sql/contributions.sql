-- name: asked_one
-- The month to assess, as a relation of one row.
SELECT %(month)s::date AS month

-- name: asked_many
-- The months to assess.
SELECT unnest(%(months)s::date[]) AS month

-- name: terms
-- For each month, scheme, kind and class: of the terms that cover the month, the newest known on that day.
SELECT DISTINCT ON (a.month, t.scheme, t.kind, t.injury_class)
       a.month, t.id, t.scheme, t.kind, t.injury_class, t.floor, t.ceiling, t.average, t.employer_rate,
       t.personal_rate, t.employer_fixed, t.personal_fixed, t.account_rate, t.provisional, t.synthetic, t.value_ids
  FROM asked a
  JOIN policy_terms t ON t.city = %(city)s AND t.starts <= a.month AND (t.ends IS NULL OR t.ends >= a.month)
   AND t.known_from <= %(known_on)s AND (%(synthetic)s OR NOT t.synthetic)
 ORDER BY a.month, t.scheme, t.kind, t.injury_class, t.known_from DESC

-- name: classes
-- Since when each employer has which work-injury class, and until when.
SELECT c.employer_id, c.injury_class, c.starts,
       lead(c.starts) OVER (PARTITION BY c.employer_id ORDER BY c.starts) AS next_starts
  FROM registry_injuryclass c

-- name: enrolled
-- The subjects: who is enrolled in the months asked for. Residents pay no contribution of this kind.
-- The conditions on parameters that are null fall away when the statement is planned.
SELECT e.person_id, e.scheme, e.payer_id, a.month, e.kind, e.declared_wage, e.tier,
       CASE WHEN e.scheme = 'injury' THEN c.injury_class ELSE 0 END AS injury_class
  FROM registry_enrolment e
  JOIN asked a ON e.starts <= a.month AND (e.ends IS NULL OR e.ends >= a.month)
  LEFT JOIN classes c ON e.scheme = 'injury' AND c.employer_id = e.payer_id
   AND c.starts <= a.month AND (c.next_starts IS NULL OR c.next_starts > a.month)
 WHERE e.reversed_by = '' AND e.kind <> 'resident'
   AND (%(person_ids)s::bigint[] IS NULL OR e.person_id = ANY (%(person_ids)s::bigint[]))
   AND (%(first_person)s::bigint IS NULL OR e.person_id >= %(first_person)s::bigint)
   AND (%(last_person)s::bigint IS NULL OR e.person_id <= %(last_person)s::bigint)

-- name: given
-- The subjects: rows handed in, for a preview or a worked example.
SELECT g.person_id, g.scheme, g.payer_id, a.month, g.kind, g.declared_wage, g.tier,
       CASE WHEN g.scheme = 'injury' THEN g.injury_class ELSE 0 END AS injury_class
  FROM jsonb_to_recordset(%(subjects)s::jsonb)
       AS g(person_id bigint, scheme text, payer_id bigint, kind text, declared_wage numeric(14,2), tier numeric(5,4),
            injury_class smallint)
 CROSS JOIN asked a

-- name: rule
-- The rule, for whoever the subjects are: one row is one due with all that explains it.
-- A tier is a share of the average; what is declared is kept between floor and ceiling (EMP-1/8); each part is
-- rounded half up to the fen for its scheme and month. Where the dues are a fixed amount there are no limits and no base.
SELECT s.person_id, s.scheme, s.payer_id, s.month, s.kind, s.tier, s.injury_class,
       d.declared, b.base,
       round(b.base * t.employer_rate, 2) + t.employer_fixed AS employer_part,
       round(b.base * t.personal_rate, 2) + t.personal_fixed AS personal_part,
       round(b.base * t.account_rate, 2) AS account_part,
       t.id AS terms_id
  FROM subject s
  LEFT JOIN terms t ON t.month = s.month AND t.scheme = s.scheme AND t.kind = s.kind
   AND t.injury_class = s.injury_class
 CROSS JOIN LATERAL (
       SELECT CASE WHEN s.tier IS NULL THEN s.declared_wage ELSE round(s.tier * t.average, 2) END AS wage) w
 CROSS JOIN LATERAL (
       SELECT CASE WHEN t.floor IS NULL THEN coalesce(w.wage, 0.00) ELSE w.wage END AS declared) d
 CROSS JOIN LATERAL (
       SELECT CASE WHEN t.floor IS NULL THEN 0.00 ELSE greatest(least(d.declared, t.ceiling), t.floor) END AS base) b

-- name: unruled
-- The subjects for whom there is no rule, or nothing declared that it could be applied to. Must be empty.
SELECT r.month, r.scheme, r.kind, r.injury_class, r.terms_id IS NULL AS no_terms,
       count(*) AS subjects, min(r.person_id) AS person_id
  FROM rule r
 WHERE r.terms_id IS NULL OR r.declared IS NULL
 GROUP BY r.month, r.scheme, r.kind, r.injury_class, r.terms_id IS NULL
 ORDER BY r.month, min(r.person_id), r.scheme, r.kind, r.injury_class

-- name: lines
-- Dues with the terms they follow from, in the order in which the subjects were given.
SELECT r.*, t.floor, t.ceiling, t.average, t.employer_rate, t.personal_rate, t.employer_fixed, t.personal_fixed,
       t.account_rate, t.provisional, t.synthetic, t.value_ids
  FROM rule r
  LEFT JOIN terms t ON t.id = r.terms_id AND t.month = r.month
 ORDER BY r.month, r.person_id

-- name: totals
-- What the rule asks of everybody in the month, by scheme.
SELECT r.scheme, count(*) AS persons, sum(r.employer_part) AS employer_part, sum(r.personal_part) AS personal_part
  FROM rule r
 GROUP BY r.scheme

-- name: posted_lines
-- The posted lines of a person's month, each with the terms it cites, and by what its wage was set where nobody declared it.
SELECT d.person_id, d.scheme, d.payer_id, d.month, d.line, d.declared, d.base, d.employer_part, d.personal_part,
       d.account_part, d.terms_id, d.run_id, t.kind, t.injury_class, t.floor, t.ceiling, t.average, t.employer_rate,
       t.personal_rate, t.employer_fixed, t.personal_fixed, t.account_rate, t.provisional, t.synthetic, t.value_ids,
       (SELECT max(e.source) FROM registry_enrolment e
         WHERE e.person_id = d.person_id AND e.scheme = d.scheme AND e.payer_id = d.payer_id
           AND e.starts <= d.month AND (e.ends IS NULL OR e.ends >= d.month)
           AND e.declared_wage = d.declared AND starts_with(e.source, 'undeclared:')) AS undeclared_source
  FROM ledger_due d
  JOIN policy_terms t ON t.id = d.terms_id
 WHERE d.person_id = %(person_id)s AND d.month = %(month)s
 ORDER BY d.scheme, d.payer_id, d.line

-- name: values
-- The policy values behind terms.
SELECT id, parameter, title, klass, value, unit, source, document, url, evidence, adopted, provisional, synthetic,
       valid_from, valid_until, known_from
  FROM policy_value
 WHERE id = ANY (%(value_ids)s::int[])
