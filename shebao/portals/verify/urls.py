from django.urls import path

from shebao.portals.verify import verification

urlpatterns = [path("", verification.verify, name="verify")]
