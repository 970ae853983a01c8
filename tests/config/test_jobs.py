"""A killed worker's jobs are done by another."""

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from config import jobs

TAKEN = """
    WITH worker AS (
        INSERT INTO procrastinate_workers (last_heartbeat)
        VALUES (now() - %s * interval '1 second') RETURNING id)
    UPDATE procrastinate_jobs SET status = 'doing', worker_id = worker.id FROM worker
     WHERE procrastinate_jobs.id = %s
"""


def taken_by_a_worker_last_heard_of(seconds_ago: int) -> int:
    job = app.configure_task("shebao.audit.tasks.seal").defer()
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, [seconds_ago, job])
    return job


def state(job: int) -> str:
    return ProcrastinateJob.objects.get(id=job).status


@pytest.fixture
def manager():
    return app.job_manager


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_dead_worker_waits_for_another(manager):
    job = taken_by_a_worker_last_heard_of(seconds_ago=jobs.DEAD_AFTER_SECONDS + 1)
    async_to_sync(jobs.retry_stalled)(manager)
    assert state(job) == "todo"


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_living_worker_is_left_to_it(manager):
    job = taken_by_a_worker_last_heard_of(seconds_ago=5)
    async_to_sync(jobs.retry_stalled)(manager)
    assert state(job) == "doing"


@pytest.mark.django_db(transaction=True)
def test_a_dead_workers_job_gives_way_to_its_like_that_waits(manager):
    dead = taken_by_a_worker_last_heard_of(seconds_ago=jobs.DEAD_AFTER_SECONDS + 1)
    waiting = app.configure_task("shebao.audit.tasks.seal").defer()
    async_to_sync(jobs.retry_stalled)(manager)
    assert (state(dead), state(waiting)) == ("aborted", "todo")
