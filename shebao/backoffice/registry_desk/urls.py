from django.urls import path

from shebao.backoffice.registry_desk import employer, listing, person

urlpatterns = [
    path("", listing.listed, name="registry"),
    path("people/", person.find, name="registry-people"),
    path("people/<int:person_id>/", person.one, name="registry-person"),
    path("people/<int:person_id>/slip/", person.slip, name="registry-person-slip"),
    path("<str:number>/", employer.one, name="registry-employer"),
    path("<str:number>/certificate.pdf", employer.certificate, name="registry-certificate"),
    path("<str:number>/clerks/<int:account_id>/slip/", employer.slip, name="registry-slip"),
]
