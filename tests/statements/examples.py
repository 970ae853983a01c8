"""A statement's figures by hand, for tests that need no database. All of it is fictional."""

from decimal import Decimal

from shebao.foundation.months import Month
from shebao.statements.snapshots import COLUMNS, FORMAT, scheme_names

CODE = "K7QM-4XZ2-9WBC-TEFG"
SERIAL = "420100-261122-K7QM-4XZ2-M"
URL = f"https://hall.example/verify?serial={SERIAL}&code={CODE}"

_RATES = {  # scheme: employer's share, personal share
    "pension": ("0.16", "0.08"),
    "medical": ("0.087", "0.02"),
    "injury": ("0.002", "0"),
    "unemployment": ("0.007", "0.003"),
}


def snapshot(
    first: str = "2025-01", last: str = "2025-12", *, name: str = "李小明", wage: str = "6250.00", **changes
) -> dict:
    """A clerk's year: paid but for one month in arrears and one paid late, half of it with another employer."""
    rows = []
    for number, month in enumerate(Month.range(Month.parse(first), Month.parse(last))):
        status = {7: "back_paid", 10: "arrears", 11: "not_yet_due"}.get(number % 12, "paid")
        for place, scheme in enumerate(
            ["pension", "medical", "large_medical", "injury", "unemployment"], start=1
        ):
            employer, personal = (Decimal(rate) * Decimal(wage) for rate in _RATES.get(scheme, ("0", "0")))
            if scheme == "large_medical":
                personal = Decimal(7)
            parts = [f"{employer:.2f}", f"{personal:.2f}"]
            paid = parts if status in ("paid", "back_paid") else ["0.00", "0.00"]
            day = (
                ""
                if status in ("arrears", "not_yet_due")
                else str(month.plus(3 if status == "back_paid" else 0).first_day)
            )
            rows.append([str(month), scheme, 1 if number < 6 else 2, wage, *parts, *paid, day, status, place])
    schemes = scheme_names(["pension", "medical", "large_medical", "injury", "unemployment"])
    return {
        "format": FORMAT,
        "kind": "five-insurance",
        "serial": SERIAL,
        "issued_at": "2026-11-22T10:15:00+08:00",
        "issuer": {"city": "420100", "name": "江城市社会保险经办机构（演示）"},
        "person": {"name": name, "id_number": "42010619880412003X", "personal_number": "0000104217"},
        "period": {"from": first, "to": last},
        "schemes": schemes,
        "payers": [
            {"kind": "employer", "name": "江城长桥机电有限公司", "number": "0000000031"},
            {"kind": "employer", "name": "江城东湖软件技术服务有限公司", "number": "0000000112"},
        ],
        "lines": {"columns": list(COLUMNS), "rows": rows},
        "accounts": [
            _account("pension", "38214.60", "5500.00", "1146.44", "44861.04"),
            _account("medical", "2210.75", "1375.00", "11.05", "3596.80"),
        ],
        "counted": [
            {"scheme": scheme, "months": 131 - 9 * i, "since": "2013-07"}
            for i, (scheme, _) in enumerate(schemes)
        ],
        "terms": [_terms(scheme, place) for place, (scheme, _) in enumerate(schemes, start=1)],
        "sources": [
            {
                "source": "国务院办公厅关于降低社会保险费率的通知",
                "document": "国办发〔2019〕13号",
                "url": "",
                "evidence": "V2",
            },
            {"source": "演示城市拟定的数值", "document": "", "url": "", "evidence": "U"},
        ],
        "flags": {"demo": True, "synthetic": True, "provisional": False},
    } | changes


def _terms(scheme: str, place: int) -> dict:
    employer, personal = _RATES.get(scheme, ("0", "0"))
    fixed = "7.00" if scheme == "large_medical" else "0.00"
    return {
        "scheme": scheme, "kind": "employee", "injury_class": 1 if scheme == "injury" else 0,
        "from": "2025-01", "to": "", "employer_rate": employer, "personal_rate": personal,
        "employer_fixed": "0.00", "personal_fixed": fixed,
        "floor": "" if scheme == "large_medical" else "4498.00",
        "ceiling": "" if scheme == "large_medical" else "22488.00",
        "sources": [1 + place % 2], "provisional": False, "synthetic": place % 2 == 1,
    }  # fmt: skip


def _account(account: str, opening: str, contribution: str, interest: str, closing: str) -> dict:
    return {
        "account": account, "opening": opening, "contribution": contribution, "interest": interest,
        "transfer_in": "0.00", "payment": "0.00", "closing": closing,
    }  # fmt: skip
