"""bin/shebao keys: make the agency's signing key and the hall's own authority, where they are missing."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from shebao.foundation import clock
from shebao.statements import keys
from shebao.statements.issuer import issuer


class Command(BaseCommand):
    help = "Make the signing key and its certificates in settings.KEYS, as far as they are missing."
    requires_system_checks = []
    requires_database = False

    def handle(self, *args, **options):
        try:
            made = keys.make(settings.KEYS, issuer()["name"], at=clock.now())
            keys.agency()
        except keys.NoKeys as wrong:
            raise CommandError(str(wrong)) from wrong
        for path in made:
            self.stdout.write(f"made {path}")
