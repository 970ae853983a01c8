"""GET /healthz: whether this hall can work, for load balancers, `bin/demo` and whoever is on call."""

from django.apps import apps
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.jobs import DEAD_AFTER_SECONDS

_JOBS = """
    SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()),
           (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'),
           (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'),
           (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - %s * interval '1 second')
"""


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 if the database answers, 503 if not. No worker or no policy is said, but is no reason to stop serving."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version')")
            version = cursor.fetchone()[0]
            cursor.execute(_JOBS, [DEAD_AFTER_SECONDS])
            waiting, doing, failed, workers = cursor.fetchone()
    except DatabaseError as trouble:
        return JsonResponse({"database": {"ok": False, "problem": type(trouble).__name__}}, status=503)
    return JsonResponse(
        {
            "database": {"ok": True, "version": version},
            "jobs": {
                "ok": workers > 0,
                "workers": workers,
                "waiting": waiting,
                "doing": doing,
                "failed": failed,
            },
            "policy": _policy(),
        }
    )


def _policy() -> dict:
    """What the policy package says of itself, once it has a state to speak of."""
    state = getattr(apps.get_app_config("policy").module, "state", None)
    return state() if state else {"ok": False, "problem": "no policy is loaded"}
