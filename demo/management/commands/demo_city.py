from django.core.management.base import BaseCommand, CommandError

from demo import city


class Command(BaseCommand):
    help = "Make the demo city: fictional people and employers with years of history, from a seed number."

    def add_arguments(self, parser):
        parser.add_argument(
            "--people", type=int, default=city.PEOPLE, help="default: %(default)s, up to 1000000"
        )
        parser.add_argument("--employers", type=int, help="default: 300, more for more than 20,000 people")
        parser.add_argument("--seed", type=int, default=city.SEED, help="the same number makes the same city")
        parser.add_argument(
            "--workers", type=int, default=2, help="connections that write the books (default 2)"
        )
        parser.add_argument("--fresh", action="store_true", help="delete all that is in the hall first")

    def handle(self, *, people, employers, seed, workers, fresh, **options):
        try:
            city.make(
                people=people, employers=employers or city.employers_for(people), seed=seed, workers=max(1, workers),
                fresh=fresh, say=self.stderr.write,
            )  # fmt: skip
        except (city.AlreadyThere, ValueError) as refused:
            raise CommandError(str(refused)) from None
