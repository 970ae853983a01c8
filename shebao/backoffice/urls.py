from django.urls import include, path

from shebao.backoffice.review import desk

app_name = "backoffice"
urlpatterns = [
    path("ledger/", include("shebao.backoffice.ledger_desk.urls")),
    path("registry/", include("shebao.backoffice.registry_desk.urls")),
    path("review/", desk.queue, name="review"),
    path("review/<str:number>/", desk.case, name="case"),
    path("review/<str:number>/papers/<int:pk>/", desk.paper, name="paper"),
]
