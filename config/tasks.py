"""The job queue's own upkeep, as jobs."""

from procrastinate.contrib.django import app

from config import jobs


@app.task(queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context, timestamp: int = 0) -> None:
    """Each minute: what a killed worker left undone."""
    await jobs.retry_stalled(context.app.job_manager)


@app.task(queueing_lock="forget_done", pass_context=True)
async def forget_done(context, timestamp: int = 0) -> None:
    """Each night: jobs done long ago."""
    await jobs.forget_done(context.app.job_manager)
