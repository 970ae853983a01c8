"""The job queue's own upkeep. Jobs about insurance live in the packages."""

import logging

from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

log = logging.getLogger("shebao.jobs")

# A worker's heart beats every 10 s. Past this silence it is taken for dead and its jobs are given to another.
DEAD_AFTER_SECONDS = 30


async def retry_stalled(jobs) -> None:
    """Give the jobs of killed workers to living ones; every job's body may therefore run twice."""
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS):
        try:
            await jobs.retry_job(job)
            log.warning("job %s (%s) is taken from a dead worker and tried again", job.id, job.task_name)
        except UniqueViolation:
            # Its like waits already, and could not begin while this one counts as being done.
            await jobs.finish_job(job, Status.ABORTED, delete_job=False)
            log.warning("job %s (%s) of a dead worker is left to the next", job.id, job.task_name)


async def forget_done(jobs) -> None:
    """Delete jobs that were done more than thirty days ago; failed ones stay until somebody looked."""
    await jobs.delete_old_jobs(nb_hours=30 * 24)
