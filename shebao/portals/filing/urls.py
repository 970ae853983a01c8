"""Addresses of filing. A service's code is never `case`."""

from django.urls import path

from shebao.portals.filing import batches, entry, picks, row_papers, status, submission

app_name = "filing"
urlpatterns = [
    path("case/<str:number>/", status.go_on, name="case"),
    path("case/<str:number>/rows/<int:row>/", entry.edit, name="edit"),
    path("case/<str:number>/rows/<int:row>/autosave/", entry.autosave, name="autosave"),
    path("case/<str:number>/pick/", picks.again, name="pick-again"),
    path("case/<str:number>/roster/", batches.roster, name="roster"),
    path("case/<str:number>/roster/remove/", batches.remove, name="remove"),
    path("case/<str:number>/roster/stop/", batches.stop, name="stop"),
    path("case/<str:number>/roster/papers/", row_papers.hand_in, name="row-papers"),
    path("case/<str:number>/failures.xlsx", batches.failed, name="failures"),
    path("case/<str:number>/own/<int:upload>.xlsx", batches.own, name="own"),
    path("case/<str:number>/results.xlsx", batches.results, name="results"),
    path("case/<str:number>/confirm/", submission.confirm, name="confirm"),
    path("case/<str:number>/papers/<int:paper>/", submission.paper, name="paper"),
    path("case/<str:number>/papers/<int:paper>/remove/", submission.remove_paper, name="remove-paper"),
    path("case/<str:number>/withdraw/", submission.withdraw, name="withdraw"),
    path("case/<str:number>/status/", status.status, name="status"),
    path("case/<str:number>/issued/<int:document>/", status.issued, name="issued"),
    path("case/<str:number>/status/<slug:code>/", status.printout, name="printout"),
    path("<slug:service>/", entry.start, name="start"),
    path("<slug:service>/new/", entry.new, name="form"),
    path("<slug:service>/autosave/", entry.autosave_new, name="autosave-new"),
    path("<slug:service>/look/", entry.look, name="look"),
    path("<slug:service>/pick/", picks.pick, name="pick"),
    path("<slug:service>/batch/", batches.first, name="batch"),
    path("<slug:service>/fill/", batches.fill, name="fill"),
    path("<slug:service>/template.xlsx", batches.template, name="template"),
]
