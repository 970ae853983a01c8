"""Statements of a year: composed, typeset, signed, kept; how many a second one core makes, and where the time goes.

    bin/bench statements [--json] [--people N] [--runs N]

In the same run stand the floors: a bare ECDSA signature, Typst with one word on a page of the same standard, and the
signer that comes with pyHanko, with the same key. CPU time is this process's alone (PostgreSQL's is not in it), wall
time is all. The database is one of its own (var/pg-bench-statements); DATABASE_URL is not touched.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMITS = {"signing_to_stock": 0.5}  # a ratio in one run: milliseconds mean little on a busy machine


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--people", type=int, default=100)
    arguments.add_argument("--runs", type=int, default=3)
    asked = arguments.parse_args()
    start()
    from django.db import transaction

    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        figures = measure(people(asked.people), asked.runs, Path(folder))
        transaction.set_rollback(True)
    figures |= {"limits": LIMITS}
    figures["signing_to_stock"] = round(figures["signing_ms"] / figures["stock_signer_ms"], 2)
    figures["kept"] = figures["signing_to_stock"] <= LIMITS["signing_to_stock"]
    if asked.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name:28} {value}")
    return 0 if figures["kept"] else 1


def start() -> None:
    """A server and a database of the benchmark's own."""
    from shebao.foundation import postgres

    os.environ["DATABASE_URL"] = postgres.hold(ROOT / "var" / "pg-bench-statements")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def people(count: int) -> list[int]:
    """Workers with a year of dues in five schemes, each paid. Inside a transaction that is rolled back."""
    from shebao.foundation import sql
    from tests.statements.books import Books

    books = Books()
    employer = books.city.employer()
    made = [books.worker(f"员工{n:04d}", employer=employer).id for n in range(count)]
    # What autovacuum does in a hall that runs: without it the planner knows nothing of these rows.
    for table in ("ledger_due", "ledger_allocation", "ledger_accountline"):
        sql.run(f"ANALYZE {table}").close()
    return made


def measure(person_ids: list[int], runs: int, folder: Path) -> dict:
    from django.conf import settings

    from shebao.foundation import clock
    from shebao.foundation.months import Month
    from shebao.statements import issuance, keys, rendering, serials, signing, snapshots, verification
    from shebao.statements.issuer import issuer

    settings.KEYS = folder / "keys"
    settings.STORAGES["default"]["OPTIONS"] = {"location": folder / "store"}
    keys.make(settings.KEYS, "测速", at=clock.now())
    agency = keys.agency()
    first, last = Month(2025, 1), Month(2025, 12)
    scope = {"kind": "five-insurance", "issuer": issuer(), "demo": True, "today": clock.today()}
    code, now = serials.new_code(), clock.now()

    def compose(ids):
        return snapshots.compose(ids, first, last, **scope)

    def finished(figures):
        serial = serials.new_serial("420100", now.date())
        return figures | {"serial": serial, "issued_at": now.isoformat()}

    composed = [finished(figures) for figures in compose(person_ids).values()]
    drawn = [
        rendering.render(s, code=code, url=issuance.verification_url(s["serial"], code))
        for s in composed[:20]
    ]
    signed = [signing.sign(pdf, agency, at=now) for pdf in drawn]

    def typeset(snapshot):
        rendering.render(finished(snapshot), code=code, url=issuance.verification_url("x", code))

    def all_three(person_id):
        (figures,) = compose([person_id]).values()
        snapshot = finished(figures)
        pdf = rendering.render(snapshot, code=code, url=issuance.verification_url(snapshot["serial"], code))
        signing.sign(pdf, agency, at=now)

    some = person_ids[:50]
    whole = timed(runs, all_three, some)
    bulk = timed(runs, compose, [person_ids])
    begun = time.perf_counter()
    issuance.issue_many(person_ids, first, last, by="system:bench")
    kept = time.perf_counter() - begun
    return {
        "people": len(person_ids),
        "pdf_kb": round(len(signed[0]) / 1000),
        "statements_per_s": per_second(whole["wall"]),
        "statements_per_cpu_s": per_second(whole["cpu"]),
        "cpu_ms": ms(whole["cpu"]),
        "composing_one_ms": ms(timed(runs, lambda i: compose([i]), some)["wall"]),
        "composing_in_bulk_ms": ms(bulk["wall"] / len(person_ids)),
        "typesetting_ms": ms(timed(runs, typeset, composed[:50])["cpu"]),
        "signing_ms": ms(timed(runs, lambda pdf: signing.sign(pdf, agency, at=now), drawn)["cpu"]),
        "issued_and_kept_ms": ms(kept / len(person_ids)),
        "verifying_offline_ms": ms(
            timed(runs, lambda f: verification.offline(f, keys.anchors()), signed)["cpu"]
        ),
        "floor_ecdsa_ms": ms(timed(runs, lambda _: ecdsa(agency), range(200))["cpu"], 4),
        "floor_typst_ms": ms(timed(runs, one_word(folder), range(50))["cpu"]),
        "stock_signer_ms": ms(timed(runs, stock_signer(folder), drawn[:10])["cpu"]),
    }


def timed(runs: int, deed, inputs) -> dict[str, float]:
    """Seconds a time, the median of the runs; the first run of all is for warming up."""
    inputs, walls, cpus = list(inputs), [], []
    for each in inputs[:2]:
        deed(each)
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        for each in inputs:
            deed(each)
        walls.append((time.perf_counter() - wall) / len(inputs))
        cpus.append((time.process_time() - cpu) / len(inputs))
    return {"wall": statistics.median(walls), "cpu": statistics.median(cpus)}


def ecdsa(agency) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    agency.key.sign(b"x" * 100, ec.ECDSA(hashes.SHA256()))


def one_word(folder: Path):
    """Typst at its least: one word, the same typeface and standard."""
    import typst

    from shebao.statements import rendering, typefaces

    page = folder / "word.typ"
    page.write_text(f'#set document(title: [x])\n#set text(font: "{typefaces.FAMILY}")\n社保 #sys.inputs.n')
    fonts = typst.Fonts(False, False, [typefaces.folder()])
    compiler = typst.Compiler(page, font_paths=fonts, ignore_system_fonts=True)
    return lambda n: compiler.compile(
        sys_inputs={"n": str(n)}, format="pdf", pdf_standards=rendering.STANDARDS, timestamp=0
    )


def stock_signer(folder: Path):
    """What pyHanko does by itself with the same key, read from its file at each signature."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    def sign(pdf: bytes) -> None:
        signer = signers.SimpleSigner.load(
            folder / "keys" / "agency.key",
            folder / "keys" / "agency.pem",
            [folder / "keys" / "authority.pem"],
        )
        meta = signers.PdfSignatureMetadata(
            field_name="Stock", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        )
        signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), meta, signer)

    return sign


def per_second(seconds: float) -> float:
    return round(1 / seconds, 1)


def ms(seconds: float, digits: int = 2) -> float:
    return round(seconds * 1000, digits)


if __name__ == "__main__":
    sys.exit(main())
