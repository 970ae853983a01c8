"""What every portal shares: the mode, the language, the files that make the hall an app."""

from django.conf.urls.i18n import set_language
from django.urls import path

from shebao.pages import installable, modes

urlpatterns = [
    path("mode/elder/", modes.switch, {"mode": "elder"}, name="mode-elder"),
    path("mode/standard/", modes.switch, {"mode": "standard"}, name="mode-standard"),
    path("language/", set_language, name="set_language"),
    path("manifest.webmanifest", installable.manifest, name="manifest"),
    path("worker.js", installable.worker, name="worker"),
    path("offline/", installable.offline, name="offline"),
]
