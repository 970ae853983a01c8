-- name: tally
-- How many cases of a party stand how, but for drafts in which nothing is; of the finished ones, those of this month.
SELECT count(*) FILTER (WHERE c.state = 'returned') AS returned,
       count(*) FILTER (WHERE c.state = 'draft' AND (c.total > 0 OR EXISTS (
         SELECT FROM casework_upload u WHERE u.case_id = c.id AND u.finished_at IS NULL))) AS draft,
       count(*) FILTER (WHERE c.state = 'submitted') AS submitted,
       count(*) FILTER (WHERE c.state = 'approved' AND c.closed_at >= %(since)s) AS approved,
       count(*) FILTER (WHERE c.state IN ('submitted', 'approved', 'withdrawn') AND c.submitted_at IS NOT NULL) AS done
  FROM casework_case c
 WHERE c.party_kind = %(kind)s AND c.party_id = %(party)s;
