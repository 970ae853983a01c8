"""Addresses of 综合查询, below the employer's door and in its name space."""

from django.urls import path

from shebao.portals.employer.queries import bill_lines, calendar, debts, exports, handled, hub, own, payments

urlpatterns = [
    path("queries/", hub.hub, name="queries"),
    path("queries/cases/", handled.cases, name="query-cases"),
    path("queries/enrolled/", handled.enrolled, name="query-enrolled"),
    path("queries/paused/", handled.paused, name="query-paused"),
    path("queries/arrears/", debts.arrears_of, name="query-arrears"),
    path("queries/payments/", payments.payments, name="query-payments"),
    path("queries/calendar/", calendar.year, name="query-calendar"),
    path("queries/calendar/file/", calendar.file, name="query-calendar-file"),
    path("queries/calendar/reminders/", calendar.choose, name="query-calendar-reminders"),
    path("queries/own/", own.own, name="query-own"),
    path("bills/<str:month>/<int:person_id>/", bill_lines.of_person, name="bill-person"),
    path("exports/", exports.files, name="exports"),
    path("exports/new/<slug:source>/", exports.order, name="export-new"),
    path("exports/<int:export_id>/", exports.file, name="export-file"),
    path("exports/<int:export_id>/stop/", exports.stop, name="export-stop"),
]
