"""bin/shebao verify FILE.pdf: is this statement genuine? JSON on standard output, exit code 0 only if it is."""

import json
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from shebao.statements import keys, verification


class Command(BaseCommand):
    help = (
        "Say whether a statement is genuine, altered, superseded, revoked or not ours. With --offline only its "
        "signature is judged, by a public certificate, without the database."
    )
    requires_system_checks = []
    requires_database = False  # it connects by itself unless --offline

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--offline", action="store_true", help="by the signature alone")
        parser.add_argument(
            "--certificate", type=Path, help="PEM or DER; without it, the hall's own authority.pem"
        )

    def handle(self, *args, file: Path, offline: bool, certificate: Path | None, **options):
        if certificate and not offline:
            raise CommandError("--certificate goes with --offline")
        try:
            # One byte more than allowed is enough to know that it is too large.
            with open(file, "rb") as opened:
                data = opened.read(verification.LARGEST + 1)
            if offline:
                anchors = keys.read_certificates(certificate or Path(settings.KEYS) / "authority.pem")
                verdict = verification.offline(data, anchors)
            else:
                verdict = verification.of_file(data, by="system:verify")
        except OSError as wrong:
            raise CommandError(f"{file}: {wrong.strerror}") from wrong
        except keys.NoKeys as wrong:
            raise CommandError(str(wrong)) from wrong
        self.stdout.write(json.dumps(verdict.as_json(), ensure_ascii=False, indent=2))
        if verdict.answer is not verification.Answer.GENUINE:
            sys.exit(1)
