-- name: at_work
-- Those of these months that somebody is running for everybody now: whoever does holds the lock of `claim_run`.
SELECT m.month
  FROM unnest(%(months)s::date[]) AS m(month)
 WHERE EXISTS (SELECT FROM pg_locks l
                WHERE l.locktype = 'advisory' AND l.granted
                  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND l.classid::bigint = hashtext('shebao.ledger.run')::bigint & 4294967295
                  AND l.objid::bigint = to_char(m.month, 'YYYYMM')::bigint)
