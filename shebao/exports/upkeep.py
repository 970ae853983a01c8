"""What nobody asks for: exports whose job was lost are written after all, files whose days are over are deleted."""

from datetime import timedelta

from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app

from shebao.exports.models import Export
from shebao.foundation import clock

PATIENCE = timedelta(minutes=1)


def wake() -> int:
    """Enqueue a job for each export that is older than a minute and not finished. Answers how many."""
    before = clock.now() - PATIENCE
    waiting = Export.objects.filter(finished_at=None, created_at__lt=before).values_list("id", flat=True)
    return sum(_again(one) for one in waiting)


def _again(export_id: int) -> bool:
    job = app.configure_task("shebao.exports.tasks.write", queueing_lock=f"export:{export_id}")
    try:
        with transaction.atomic():  # a job that waits already must not undo the others
            job.defer(export_id=export_id)
    except exceptions.AlreadyEnqueued:
        return False
    return True


def clear() -> int:
    """Delete the files whose days are over, and who stood in them. Answers how many."""
    over = Export.objects.filter(state=Export.State.DONE, expires_at__lt=clock.now())
    gone = 0
    for export in over.only("id", "file").iterator():
        # The file first: killed in between, the row still names it, and the next night goes on.
        export.file.storage.delete(export.file.name)
        gone += Export.objects.filter(pk=export.pk, state=Export.State.DONE).update(
            state=Export.State.EXPIRED, file="", people=[]
        )
    return gone
