-- name: balances
-- What each personal account of a person holds.
SELECT l.account, sum(l.amount) AS balance
  FROM ledger_accountline l
 WHERE l.person_id = %(person_id)s
 GROUP BY l.account

-- name: lines
-- The movements of one account, newest month first, one page after the key of the last one shown.
SELECT l.month, l.kind, l.payer_id, e.name AS payer_name, l.line, l.amount, l.posted_on, l.source
  FROM ledger_accountline l
  LEFT JOIN registry_employer e ON e.id = l.payer_id
 WHERE l.person_id = %(person_id)s AND l.account = %(account)s
   AND (%(before_month)s::date IS NULL
        OR (l.month, l.kind, l.payer_id, l.line)
           < (%(before_month)s::date, %(before_kind)s, %(before_payer)s::bigint, %(before_line)s::smallint))
 ORDER BY l.month DESC, l.kind DESC, l.payer_id DESC, l.line DESC
 LIMIT %(limit)s

-- name: years
-- Each account by year of the contribution month: what came in, what went out, what it held at the year's end.
SELECT y.account, y.year, y.contributions, y.interest, y.transferred_in, y.paid_out,
       sum(y.total) OVER (PARTITION BY y.account ORDER BY y.year) AS balance
  FROM (SELECT l.account, extract(year FROM l.month)::int AS year,
               coalesce(sum(l.amount) FILTER (WHERE l.kind = 'contribution'), 0) AS contributions,
               coalesce(sum(l.amount) FILTER (WHERE l.kind = 'interest'), 0) AS interest,
               coalesce(sum(l.amount) FILTER (WHERE l.kind = 'transfer_in'), 0) AS transferred_in,
               coalesce(sum(l.amount) FILTER (WHERE l.kind = 'payment'), 0) AS paid_out,
               sum(l.amount) AS total
          FROM ledger_accountline l
         WHERE l.person_id = %(person_id)s
         GROUP BY l.account, extract(year FROM l.month)) y
 ORDER BY y.account, y.year
