from django.urls import path

from shebao.portals.problems import reports

app_name = "problems"
urlpatterns = [
    path("", reports.index, name="index"),
    path("new/", reports.new, name="new"),
    path("<str:number>/", reports.one, name="one"),
    path("<str:number>/say/", reports.say, name="say"),
    path("<str:number>/close/", reports.close, name="close"),
    path("<str:number>/papers/<int:pk>/", reports.paper, name="paper"),
]
