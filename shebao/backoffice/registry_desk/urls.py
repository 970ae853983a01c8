from django.urls import path

from shebao.backoffice.registry_desk import employer, listing

urlpatterns = [
    path("", listing.listed, name="registry"),
    path("<str:number>/", employer.one, name="registry-employer"),
    path("<str:number>/certificate.pdf", employer.certificate, name="registry-certificate"),
    path("<str:number>/clerks/<int:account_id>/slip/", employer.slip, name="registry-slip"),
]
