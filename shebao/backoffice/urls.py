from django.urls import include, path

from shebao.backoffice.problems import desk as problems
from shebao.backoffice.review import desk
from shebao.backoffice.visits import desk as visits
from shebao.backoffice.visits import setup

app_name = "backoffice"
urlpatterns = [
    path("ledger/", include("shebao.backoffice.ledger_desk.urls")),
    path("registry/", include("shebao.backoffice.registry_desk.urls")),
    path("appointments/", visits.day, name="visits"),
    path("appointments/setup/", setup.index, name="visit-setup"),
    path("appointments/setup/counters/<int:pk>/", setup.counter, name="counter"),
    path("appointments/setup/closures/new/", setup.closure, name="counter-closure"),
    path("appointments/setup/closures/<int:pk>/lift/", setup.lift, name="counter-closure-lift"),
    path("appointments/<str:number>/mark/", visits.mark, name="visit-mark"),
    path("problems/", problems.index, name="problems"),
    path("problems/figures/", problems.figures, name="problem-figures"),
    path("problems/<str:number>/", problems.one, name="problem"),
    path("problems/<str:number>/answer/", problems.answer, name="problem-answer"),
    path("problems/<str:number>/assign/", problems.assign, name="problem-assign"),
    path("problems/<str:number>/papers/<int:pk>/", problems.paper, name="problem-paper"),
    path("review/", desk.queue, name="review"),
    path("review/<str:number>/", desk.case, name="case"),
    path("review/<str:number>/papers/<int:pk>/", desk.paper, name="paper"),
]
