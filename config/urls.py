"""One line per door."""

from django.urls import include, path

from config import health

urlpatterns = [
    path("healthz", health.healthz),
    path("", include("shebao.pages.urls")),
    path("", include("shebao.portals.public.urls")),
    path("", include("shebao.portals.entry.urls")),
    path("employer/", include("shebao.portals.employer.urls")),
    path("filing/", include("shebao.portals.filing.urls")),
    path("appointments/", include("shebao.portals.appointments.urls")),
    path("problems/", include("shebao.portals.problems.urls")),
    path("individual/", include("shebao.portals.individual.urls")),
    path("verify/", include("shebao.portals.verify.urls")),
    path("api/", include("shebao.api.urls")),
    path("office/", include("shebao.backoffice.urls")),
]
handler400 = "shebao.pages.errors.bad_request"
handler403 = "shebao.pages.errors.forbidden"
handler404 = "shebao.pages.errors.not_found"
handler500 = "shebao.pages.errors.broken"
