from pathlib import Path

from django.core.management.base import BaseCommand

from demo import roster
from shebao.foundation import clock


class Command(BaseCommand):
    help = "Write a workbook of new hires to upload (职工增员名单), with one wrong line in forty."

    def add_arguments(self, parser):
        parser.add_argument("--rows", type=int, default=3000, help="default: %(default)s")
        parser.add_argument("--seed", type=int, default=1, help="another number makes other people")
        parser.add_argument("--out", type=Path, required=True, help="the .xlsx file to write")

    def handle(self, *, rows, seed, out, **options):
        out.write_bytes(roster.hires(rows, seed=seed, today=clock.today()))
        self.stdout.write(f"{out}: {rows} 人，其中约 {rows // roster.WRONG_ONE_IN} 行有错")
