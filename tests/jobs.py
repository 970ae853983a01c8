"""Doing queued jobs in a test's own transaction, where a real worker could not see them."""

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from shebao.foundation import sql


def work() -> int:
    """Do all jobs that wait, and those they enqueue; answers how many."""
    done = 0
    while job := ProcrastinateJob.objects.filter(status="todo").order_by("id").first():
        sql.run(
            "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %(id)s", {"id": job.id}
        ).close()
        app.tasks[job.task_name].func(**job.args)
        done += 1
    return done
