"""滞纳金 (late fees): what an employer owes for each day after the last day of payment, line by line.

The rule is one relation, `fees`, over the relation `lines` that a caller gives; the last days and the rates are the
city's dated figures. Nothing is charged for days whose rate, or months whose last day, is not known.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.ledger import deadlines
from shebao.policy import inforce
from shebao.policy.models import Value

RATE = "late_fee_rate"
_SQL = sql.queries("shebao.ledger", "late_fees.sql")

FEES = {name: _SQL[name] for name in ("last_days", "rates", "late", "spans", "fees")}
"""Relations that read `lines` (person_id, scheme, payer_id, month, line, run_id, amount …) and end in `fees`."""


def scope(until: date | None) -> dict[str, object]:
    """Parameters of `FEES`: late fees up to this day, included; None (no last day is known) charges nothing."""
    last = Month.of(until) if until else deadlines.BEGINNING
    known = deadlines.deadlines(Month.range(deadlines.BEGINNING, last.plus(1)))
    rates = inforce.stretches(RATE)
    return {
        "fee_until": until,
        "due_months": list(known),
        "last_days": list(known.values()),
        "rate_starts": [first for first, _last, _figure in rates],
        "rate_ends": [last for _first, last, _figure in rates],
        "rates": [figure.value for _first, _last, figure in rates],
        "rate_values": [figure.id for _first, _last, figure in rates],
        "time_zone": settings.TIME_ZONE,
    }


@dataclass(frozen=True)
class Stretch:
    """So many days at one rate; `rate` None: none is known, and nothing is charged. `source` is who says so."""

    first: date
    last: date
    days: int
    rate: Decimal | None
    source: str

    @property
    def in_words(self) -> str:
        """2011-07-01 至 2011-07-25，25 天 × 0.05%."""
        span = _("%(first)s 至 %(last)s，%(days)s 天") % {
            "first": self.first, "last": self.last, "days": self.days,
        }  # fmt: skip
        if self.rate is None:
            return _("%(span)s：费率未查到，不计") % {"span": span}
        return f"{span} × {(self.rate * 100).normalize():f}%"


def stretches_of(kept: Sequence[str]) -> list[tuple[Stretch, ...]]:
    """The `parts` of late fees as SQL answers them (JSON), with their sources: one query for all of them."""
    kept = [json.loads(parts) for parts in kept]
    values = Value.objects.in_bulk({part["value"] for parts in kept for part in parts})
    return [
        tuple(
            Stretch(
                date.fromisoformat(part["from"]),
                date.fromisoformat(part["until"]),
                part["days"],
                Decimal(part["rate"]) if part["rate"] else None,
                values[part["value"]].source if part["value"] in values else "",
            )
            for part in parts
        )
        for parts in kept
    ]
