"""What waits for a machine though nobody may be coming: its job is enqueued again.

A job may be lost (a crash between two databases, a queue that was emptied); the intent is a row and stays.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from procrastinate import exceptions
from procrastinate.contrib.django import app

from shebao.casework import errands
from shebao.casework.models import Awaits, Case, Errand, Upload
from shebao.foundation import clock

PATIENCE = timedelta(minutes=1)


def wake() -> int:
    """Enqueue a job for each intent that is older than a minute and not done. Answers how many."""
    before = clock.now() - PATIENCE
    uploads = Upload.objects.filter(finished_at=None, created_at__lt=before).values_list("id", flat=True)
    reviews = Case.objects.filter(awaits=Awaits.MACHINE, submitted_at__lt=before)
    attended = Errand.objects.filter(case=OuterRef("pk"), finished_at=None)
    reviews = reviews.exclude(Exists(attended)).values_list("id", flat=True)
    left = Errand.objects.filter(finished_at=None, touched_at__lt=before).values_list("id", "deed")
    woken = sum(_again(errands.TASKS[deed], f"errand:{one}", errand_id=one) for one, deed in left)
    woken += sum(_again("read_upload", f"upload:{one}", upload_id=one) for one in uploads)
    return woken + sum(_again("review_automatically", f"review:{one}", case_id=one) for one in reviews)


def _again(task: str, queueing_lock: str, **arguments: int) -> bool:
    try:
        with transaction.atomic():  # a job that waits already must not undo the others
            app.configure_task(f"shebao.casework.tasks.{task}", queueing_lock=queueing_lock).defer(
                **arguments
            )
    except exceptions.AlreadyEnqueued:
        return False
    return True
