from django.core.management.base import BaseCommand

from demo import logins
from demo.models import City


class Command(BaseCommand):
    help = "Print the log-ins of the demo city, and whom to try what on."

    def handle(self, **options):
        city = City.objects.order_by("-id").first()
        if city is None:
            self.stderr.write("There is no demo city here; bin/shebao demo_city makes one.")
            return
        for line in logins.in_words(city):
            self.stdout.write(line)
