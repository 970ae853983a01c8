from django.urls import path

from shebao.portals.appointments import booking, own

app_name = "appointments"
urlpatterns = [
    path("", own.index, name="index"),
    path("new/", booking.business, name="business"),
    path("new/<slug:business>/", booking.offices, name="offices"),
    path("new/<slug:business>/<str:office>/", booking.times, name="times"),
    path("new/<slug:business>/<str:office>/confirm/", booking.confirm, name="confirm"),
    path("<str:number>/", own.slip, name="slip"),
    path("<str:number>/cancel/", own.cancel, name="cancel"),
    path("<str:number>/appointment.pdf", own.paper, name="paper"),
    path("<str:number>/appointment.ics", own.ics, name="ics"),
]
