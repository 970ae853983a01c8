"""Freeze the figures of the books: what a statement says, as one dictionary that is hashed, signed and kept.

Composed for many people at once, with the same number of queries however many they are. Amounts are text with two
decimals, in yuan; months are text such as 2026-11. A snapshot goes to the outside: it holds no id of the database.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal

from shebao.foundation import languages, sql
from shebao.foundation.months import Month
from shebao.ledger import arrears, deadlines
from shebao.registry.schemes import Scheme

FORMAT = "shebao/statement/1"
COLUMNS = (
    "month", "scheme", "payer", "base", "employer", "personal", "employer_paid", "personal_paid", "paid_on",
    "status", "terms",
)  # fmt: skip
ACCOUNTS = {"pension": "养老保险个人账户", "medical": "医疗保险个人账户"}
_FIRST = {account: place for place, account in enumerate(ACCOUNTS)}
_ORDER = {scheme: place for place, scheme in enumerate(Scheme.values)}
_SQL = sql.queries("shebao.statements", "snapshots.sql")
STANDING = sql.queries("shebao.ledger", "arrears.sql")["standing"]
MONTHS = _SQL["months"]
"""The relation `months`: each person's months by scheme and payer, read from `standing`, which reads `dues`."""
_PERIOD = {
    "dues": _SQL["dues"],
    "ledger_allocation": _SQL["allocations"],
    "standing": STANDING,
    "months": MONTHS,
}
_LIFE = _PERIOD | {"dues": _SQL["dues_of_a_life"], "ledger_allocation": _SQL["allocations_of_a_life"]}


def compose(
    person_ids: Sequence[int],
    first: Month,
    last: Month,
    *,
    kind: str,
    issuer: dict,
    demo: bool,
    today: date,
    payer_id: int | None = None,
) -> dict[int, dict]:
    """The figures of each person for these months (both inclusive), by person id. Unknown ids are left out.

    With the `payer_id` of an employer only what it paid itself is listed, and no account. They lack what an issue
    adds: `serial` and `issued_at`.
    """
    scope = {"person_ids": list(person_ids), "first": first, "last": last, **arrears.overdue_scope(today)}
    listed = sql.rows(sql.using(_PERIOD, _SQL["listed"]), scope)
    if payer_id:
        listed = [row for row in listed if row["payer_id"] == payer_id and row["employer"]]
    months = _by_person(listed)
    accounts = _by_person([] if payer_id else sql.rows(_SQL["accounts"], scope))
    counted = _by_person([] if payer_id else sql.rows(sql.using(_LIFE, _SQL["counted"]), scope))
    lines = [line for found in months.values() for line in found]
    last_days = deadlines.deadlines(sorted({Month.of(line["month"]) for line in lines}))
    payer_ids = {line["payer_id"] for line in lines}
    employers = {e["id"]: e for e in sql.rows(_SQL["employers"], {"payer_ids": list(payer_ids)})}
    terms, sources = _policy({line["terms_id"] for line in lines})
    return {
        person["id"]: {
            "format": FORMAT,
            "kind": kind,
            "issuer": issuer,
            "person": {name: person[name] for name in ("name", "id_number", "personal_number")},
            "period": {"from": str(first), "to": str(last)},
            "schemes": scheme_names(
                {row["scheme"] for row in (*months[person["id"]], *counted[person["id"]])}
            ),
            **_lines(person, months[person["id"]], employers, terms, sources, last_days),
            "accounts": [
                _account(row)
                for row in sorted(accounts[person["id"]], key=lambda row: _FIRST[row["account"]])
            ],
            "counted": [
                {"scheme": row["scheme"], "months": row["months"], "since": str(Month.of(row["since"]))}
                for row in sorted(counted[person["id"]], key=lambda row: _ORDER.get(row["scheme"], 99))
            ],
            "flags": _flags([terms[line["terms_id"]] for line in months[person["id"]]], demo),
        }
        for person in sql.rows(_SQL["people"], {"person_ids": list(person_ids)})
    }


def cited(terms_ids: Collection[int], demo: bool) -> dict:
    """What a snapshot says of the terms it rests on: `terms`, `sources` and `flags`."""
    terms, sources = _policy(terms_ids)
    return _cited(_in_order(terms), terms, sources) | {"flags": _flags(list(terms.values()), demo)}


def canonical(snapshot: dict) -> bytes:
    """The one way to write a snapshot, so that equal figures have equal bytes."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def figures_digest(snapshot: dict) -> str:
    """What tells whether a new statement would say anything new: all but serial and time of issue."""
    return digest(canonical({k: v for k, v in snapshot.items() if k not in ("serial", "issued_at")}))


def scheme_names(schemes: Iterable[str]) -> list[list[str]]:
    """Codes with their Chinese names, in the order of the page, whatever language the user reads: a statement is
    a Chinese document."""
    with languages.of_the_hall():
        return [[scheme, str(Scheme(scheme).label)] for scheme in sorted(schemes, key=_ORDER.__getitem__)]


def _policy(terms_ids: Collection[int]) -> tuple[dict[int, dict], dict[int, dict]]:
    """Terms and the values that they come from, by id."""
    terms = {t["id"]: t for t in sql.rows(_SQL["terms"], {"terms_ids": list(terms_ids)})}
    value_ids = {value for t in terms.values() for value in t["value_ids"]}
    return terms, {s["id"]: s for s in sql.rows(_SQL["sources"], {"value_ids": list(value_ids)})}


def _in_order(terms: dict[int, dict], used: Iterable[int] | None = None) -> list[int]:
    ids = set(terms if used is None else used)
    return sorted(ids, key=lambda t: (_ORDER.get(terms[t]["scheme"], 99), terms[t]["starts"], t))


def _cited(terms_ids: list[int], terms: dict, sources: dict) -> dict:
    values = dict.fromkeys(value for t in terms_ids for value in terms[t]["value_ids"])
    texts = list(dict.fromkeys(_source(sources[value]) for value in values))
    return {
        "terms": [_terms(terms[t], sources, texts) for t in terms_ids],
        "sources": [
            dict(zip(("source", "document", "url", "evidence"), text, strict=True)) for text in texts
        ],
    }


def _lines(person, months, employers, terms, sources, last_days) -> dict:
    months = sorted(months, key=lambda row: (row["month"], row["payer_id"], _ORDER.get(row["scheme"], 99)))
    payer_ids = list(dict.fromkeys(line["payer_id"] for line in months))
    terms_ids = _in_order(terms, (line["terms_id"] for line in months))
    rows = [
        [
            str(Month.of(line["month"])),
            line["scheme"],
            payer_ids.index(line["payer_id"]) + 1,
            *(
                _yuan(line[name])
                for name in ("base", "employer", "personal", "employer_paid", "personal_paid")
            ),
            line["paid_on"].isoformat() if line["paid_on"] else "",
            _status(line, last_days),
            terms_ids.index(line["terms_id"]) + 1,
        ]
        for line in months
    ]
    return {
        "payers": [_payer(payer, employers, person) for payer in payer_ids],
        "lines": {"columns": list(COLUMNS), "rows": rows},
        **_cited(terms_ids, terms, sources),
    }


def _status(line: dict, last_days: dict[Month, date | None]) -> str:
    """As the ledger's record has it (paid, arrears, not_yet_due, written_off); back_paid: paid after the deadline."""
    last_day = last_days[Month.of(line["month"])]
    late = line["paid_on"] and last_day and line["paid_on"] > last_day
    return "back_paid" if line["status"] == "paid" and late else line["status"]


def _payer(payer_id: int, employers: dict, person: dict) -> dict:
    if employer := employers.get(payer_id):
        return {"kind": "employer", "name": employer["name"], "number": employer["number"]}
    return {"kind": "person", "name": person["name"], "number": person["personal_number"]}


def _terms(terms: dict, sources: dict, texts: list[tuple]) -> dict:
    return {
        "scheme": terms["scheme"],
        "kind": terms["kind"],
        "injury_class": terms["injury_class"],
        "from": str(Month.of(terms["starts"])),
        "to": str(Month.of(terms["ends"])) if terms["ends"] else "",
        "employer_rate": _plain(terms["employer_rate"]),
        "personal_rate": _plain(terms["personal_rate"]),
        "employer_fixed": _yuan(terms["employer_fixed"]),
        "personal_fixed": _yuan(terms["personal_fixed"]),
        "floor": "" if terms["floor"] is None else _yuan(terms["floor"]),
        "ceiling": "" if terms["ceiling"] is None else _yuan(terms["ceiling"]),
        "sources": sorted({texts.index(_source(sources[value])) + 1 for value in terms["value_ids"]}),
        "provisional": terms["provisional"],
        "synthetic": terms["synthetic"],
    }


def _source(value: dict) -> tuple:
    return (value["source"], value["document"], value["url"], value["evidence"])


def _account(row: dict) -> dict:
    amounts = ("opening", "contribution", "interest", "transfer_in", "payment", "closing")
    return {"account": row["account"]} | {name: _yuan(row[name]) for name in amounts}


def _flags(used: list[dict], demo: bool) -> dict:
    return {
        "demo": demo,
        "synthetic": any(t["synthetic"] for t in used),
        "provisional": any(t["provisional"] for t in used),
    }


def _by_person(rows: list[dict]) -> defaultdict[int, list[dict]]:
    found = defaultdict(list)
    for row in rows:
        found[row["person_id"]].append(row)
    return found


def _yuan(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _plain(rate: Decimal) -> str:
    """0.160000 → 0.16, without an exponent."""
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
