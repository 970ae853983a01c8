"""bin/shebao id-number check NUMBER"""

import json

from django.core.management.base import BaseCommand

from shebao.foundation.identifiers import IdNumber
from shebao.foundation.writing import packed


class Command(BaseCommand):
    help = "Say whether an ID number is sound, and what it tells. The county code is not judged."

    def add_arguments(self, parser):
        deeds = parser.add_subparsers(dest="deed", required=True)
        deeds.add_parser("check", help="exit 0 if it is sound, 1 if not").add_argument("number")

    def handle(self, *, number, **options):
        problem = IdNumber.check(number)
        sound = None if problem else IdNumber(packed(number).upper())
        answer = {
            "valid": sound is not None,
            "problem": problem and problem.sentence,
            "birth_date": sound and sound.birth_date.isoformat(),
            "sex": sound and sound.sex,
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
        if problem:
            raise SystemExit(1)
