from django.urls import path

from shebao.backoffice.review import desk

app_name = "backoffice"
urlpatterns = [
    path("review/", desk.queue, name="review"),
    path("review/<str:number>/", desk.case, name="case"),
    path("review/<str:number>/papers/<int:pk>/", desk.paper, name="paper"),
]
