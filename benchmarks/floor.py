"""The hall's addresses and one more: a page that asks the database for 1, behind the same door. The floor of a page."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import urls as hall
from shebao.identity.acting import Acting, acting_for

handler400, handler403, handler404, handler500 = (
    hall.handler400,
    hall.handler403,
    hall.handler404,
    hall.handler500,
)


@acting_for("employer", "agency")
def select_1(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Session, account and one query; no template."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return HttpResponse(cursor.fetchone()[0])


urlpatterns = [path("select-1/", select_1), *hall.urlpatterns]
