from django.urls import path

from shebao.portals.individual import documents, record

app_name = "individual"
urlpatterns = [
    path("", record.overview, name="overview"),
    path("contributions/", record.contributions, name="contributions"),
    path("contributions/<str:month>/", record.explain, name="explain"),
    path("statements/", documents.statements, name="statements"),
    path("statements/<str:serial>/", documents.statement, name="statement"),
]
