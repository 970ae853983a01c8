"""bin/shebao audit verify|seal"""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand

from shebao.audit import chain


class Command(BaseCommand):
    help = "Seal the lines of the audit that wait, or prove that nobody touched those that are sealed."

    def add_arguments(self, parser):
        deeds = parser.add_subparsers(dest="deed", required=True)
        deeds.add_parser("seal", help="close the waiting lines; the timetable does it every few minutes")
        verify = deeds.add_parser("verify", help="compute the chain anew; exit 1 if anything was changed")
        verify.add_argument("--head", help="a hash noted earlier, which the chain must still contain")

    def handle(self, *, deed, head=None, **options):
        if deed == "seal":
            self.stdout.write(json.dumps({"sealed": chain.seal()}))
            return
        verdict = chain.verify_chain(head)
        self.stdout.write(json.dumps({"sound": verdict.sound, **asdict(verdict)}, ensure_ascii=False))
        if not verdict.sound:
            raise SystemExit(1)
