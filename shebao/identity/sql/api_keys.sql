-- name: spend
-- Let a key make a request that costs so much time, unless it has too much behind it: then nothing is written.
UPDATE identity_apikey
   SET spent_until = greatest(spent_until, %(instant)s) + %(cost)s, last_used_at = %(now)s
 WHERE id = %(id)s AND spent_until <= %(instant)s + %(burst)s - least(%(cost)s, %(burst)s)
RETURNING id
