"""Addresses of the ledger desk."""

from django.urls import path

from shebao.backoffice.ledger_desk import desk, files, resolving

urlpatterns = [
    path("", desk.desk, name="ledger"),
    path("run/", desk.run, name="ledger-run"),
    path("revise/", desk.revise, name="ledger-revise"),
    path("run/<str:month>/", desk.progress, name="ledger-progress"),
    path("receipts/", desk.hand_in, name="ledger-receipts"),
    path("receipts/sample.csv", files.sample, name="ledger-receipts-sample"),
    path("suspense/", resolving.suspended, name="ledger-suspense"),
    path("suspense/settle/", resolving.settle, name="ledger-resolve"),
    path("suspense/slip/<str:number>/", resolving.of_slip, name="ledger-resolve-slip"),
    path("suspense/refund/<int:resolution_id>/", resolving.refund, name="ledger-refund"),
    path("files/", files.all_files, name="ledger-files"),
    path("files/<int:file_id>/", files.file, name="ledger-file"),
]
