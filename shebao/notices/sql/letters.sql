-- name: put
-- One message into each inbox; those with e-mail by post as well.
INSERT INTO notices_notice (code, recipient, about, facts, at, mail, mail_tries)
SELECT %(code)s, recipient, about, facts, %(at)s,
       CASE WHEN %(mail)s THEN 'waiting' ELSE 'none' END, 0
  FROM unnest(%(recipients)s::text[], %(abouts)s::text[], %(facts)s::jsonb[]) AS letter (recipient, about, facts)
