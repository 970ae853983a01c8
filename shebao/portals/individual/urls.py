from django.urls import path

from shebao.portals.filing import revised
from shebao.portals.individual import documents, record

app_name = "individual"
urlpatterns = [
    path("", record.overview, name="overview"),
    path("contributions/", record.contributions, name="contributions"),
    path("contributions/<str:month>/", record.explain, name="explain"),
    path("revisions/<int:revision_id>/", revised.of_person, name="revision"),
    path("statements/", documents.statements, name="statements"),
    path("statements/<str:serial>/", documents.statement, name="statement"),
]
