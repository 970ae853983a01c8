-- name: charge
-- Count one more failure, unless the door is closed: then nothing is written and no row comes back.
INSERT INTO identity_throttle AS held (key, failures, since, closed_until)
VALUES (%(key)s, 1, %(now)s, CASE WHEN 1 >= %(free)s THEN %(now)s + %(first_wait)s END)
ON CONFLICT (key) DO UPDATE
   SET (failures, since, closed_until) = (
       SELECT counted.failures, counted.since,
              CASE WHEN counted.failures >= %(free)s
                   THEN %(now)s + least(%(longest_wait)s,
                                        %(first_wait)s * power(2, least(counted.failures - %(free)s, 20)))
              END
         FROM (SELECT CASE WHEN held.since < %(now)s - %(window)s THEN 1 ELSE held.failures + 1 END AS failures,
                      CASE WHEN held.since < %(now)s - %(window)s THEN %(now)s ELSE held.since END AS since
              ) AS counted)
 WHERE held.closed_until IS NULL OR held.closed_until <= %(now)s
RETURNING failures

-- name: give_back
-- Take back one failure that turned out to be none, and with it the wait that it caused.
UPDATE identity_throttle SET failures = greatest(failures - 1, 0), closed_until = NULL WHERE key = ANY(%(keys)s)
