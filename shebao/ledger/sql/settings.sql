-- name: join_by_year
-- The large tables are all cut by year of the month: joining them year by year keeps each join in memory.
SELECT set_config('enable_partitionwise_join', 'on', true), set_config('enable_partitionwise_aggregate', 'on', true),
       set_config('work_mem', '128MB', true)

-- name: a_few
-- How many exceptions there are, and the first few of them.
SELECT e.*, count(*) OVER () AS exceptions_found FROM exceptions e LIMIT %(shown)s
