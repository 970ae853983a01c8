"""bin/shebao statement: make and sign a statement of a person of the archive."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from shebao.foundation import masks
from shebao.foundation.months import Month
from shebao.foundation.unreadable import Unreadable
from shebao.registry import people
from shebao.statements import issuance, keys


class Command(BaseCommand):
    help = "Write the signed statement of a person for some months to a file."

    def add_arguments(self, parser):
        parser.add_argument("--id-number", required=True)
        parser.add_argument("--from", required=True, dest="first", metavar="YYYY-MM")
        parser.add_argument("--to", required=True, dest="last", metavar="YYYY-MM")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.pdf")

    def handle(self, *args, id_number: str, first: str, last: str, out: Path, **options):
        try:
            months = Month.read(first), Month.read(last)
        except Unreadable as wrong:
            raise CommandError(f"{first} – {last}: {wrong}") from wrong
        # Known before anything is issued: a statement that reached nobody would still be valid.
        if not os.access(out if out.exists() else out.parent, os.W_OK) or out.is_dir():
            raise CommandError(f"写不了文件 {out}：请检查文件夹是否存在、是否可写")
        number = id_number.strip().upper()
        person_id = people.ids_of([number]).get(number)
        if person_id is None:
            raise CommandError(f"参保档案中没有身份证号码 {masks.id_number(number)} 的人，请核对")
        try:
            statement = issuance.issue(person_id, *months, by="system:statement")
        except (issuance.NotIssued, keys.NoKeys) as refused:
            raise CommandError(str(refused)) from refused
        try:
            out.write_bytes(issuance.pdf_of(statement))
        except OSError as wrong:
            raise CommandError(f"写不了文件 {out}：{wrong.strerror}") from wrong
        self.stdout.write(statement.serial)
