from django.urls import path

from shebao.portals.employer import api_keys, changes, clerks, money, people, registration, statements
from shebao.portals.employer.queries import urls as queries
from shebao.portals.filing import bench, revised

app_name = "employer"
urlpatterns = [
    path("", bench.employer, name="bench"),
    path("roster/", people.roster, name="roster"),
    path("roster/<int:person_id>/", people.person, name="query-person"),
    path("changes/", changes.month, name="changes"),
    path("changes/<str:month>/<slug:form>/", changes.export, name="changes-form"),
    path("bills/", money.months, name="bills"),
    path("bills/<str:month>/", money.bill, name="bill"),
    path("revisions/<int:revision_id>/", revised.of_employer, name="revision"),
    path("slips/", money.all_slips, name="slips"),
    path("slips/new/", money.make_slip, name="make-slip"),
    path("slips/<str:number>/", money.slip, name="slip"),
    path("slips/<str:number>/<slug:form>.<slug:extension>", money.slip_form, name="slip-form"),
    path("slips/<str:number>/take-back/", money.take_back, name="take-back"),
    path("registration/", registration.show, name="registration"),
    path("registration/certificate.pdf", registration.certificate, name="certificate"),
    path("statements/", statements.listed, name="statements"),
    path("statements/<str:serial>.pdf", statements.download, name="statement"),
    path("clerks/", clerks.listed, name="clerks"),
    path("clerks/<int:account_id>/", clerks.rights, name="clerk"),
    path("clerks/<int:account_id>/slip/", clerks.slip, name="clerk-slip"),
    path("api/", api_keys.keys, name="api-keys"),
    path("api/<slug:prefix>/revoke/", api_keys.revoke, name="revoke-api-key"),
    *queries.urlpatterns,
]
