"""What was in force: one figure of the city on a day, as known on a day."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.policy.entries import COUNTRY, in_force, usable
from shebao.policy.files import DUES_OF
from shebao.policy.loading import accepted_evidence
from shebao.policy.models import Value


class Unknown(Exception):
    """A figure that a calculation needs is not known. `sentence` says which, for the user."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


def value(parameter: str, *, on: date | Month, scheme: str = "", kind: str = "", klass: str = "",
          city: str | None = None, known_on: date | None = None, synthetic: bool = True) -> Decimal:  # fmt: skip
    """The number in force. Of a month, its first day counts. Raises Unknown; it never borrows another year's.

    `city` is this installation's unless given, `known_on` today. Synthetic figures exist only where a demo has
    loaded them; `synthetic=False` leaves them out even there.
    """
    found = figure(
        parameter,
        on=on,
        scheme=scheme,
        kind=kind,
        klass=klass,
        city=city,
        known_on=known_on,
        synthetic=synthetic,
    )
    return found.value


def value_or_none(parameter: str, **asked) -> Decimal | None:
    """The number in force, or None where it is not known; takes what `value` takes."""
    try:
        return value(parameter, **asked)
    except Unknown:
        return None


def figure(parameter: str, *, on: date | Month, scheme: str = "", kind: str = "", klass: str = "",
           city: str | None = None, known_on: date | None = None, synthetic: bool = True) -> Value:  # fmt: skip
    """The whole row in force, with its source, evidence and marks. Raises Unknown."""
    city = city or settings.CITY_CODE
    day = on.first_day if isinstance(on, Month) else on
    accepted = accepted_evidence()
    found = in_force(
        Value.objects.filter(parameter=parameter, scheme=scheme, city__in=[city, COUNTRY], klass__in=[klass, ""]),
        day, city=city, kind=kind, klass=klass, known_on=known_on or clock.today(),
        accepted=accepted, synthetic=synthetic,
    )  # fmt: skip
    if found is not None and usable(found, accepted):
        return found
    raise Unknown(_sentence(parameter, on, scheme, kind, klass, city, found))


def table(parameter: str, *, on: date | Month, scheme: str = "", kind: str = "", city: str | None = None,
          known_on: date | None = None, synthetic: bool = True) -> Mapping[str, Decimal]:  # fmt: skip
    """All figures of a parameter that has classes (tiers, ages, industries), by class; unknown ones are left out."""
    city = city or settings.CITY_CODE
    day = on.first_day if isinstance(on, Month) else on
    accepted = accepted_evidence()
    rows = list(
        Value.objects.filter(parameter=parameter, scheme=scheme, city__in=[city, COUNTRY]).order_by("id")
    )
    found = {}
    for klass in dict.fromkeys(row.klass for row in rows):
        best = in_force(
            [row for row in rows if row.klass == klass], day, city=city, kind=kind, klass=klass,
            known_on=known_on or clock.today(), accepted=accepted, synthetic=synthetic,
        )  # fmt: skip
        if best is not None and usable(best, accepted):
            found[klass] = best.value
    return found


def over(parameter: str, *, months: Iterable[Month], scheme: str = "", kind: str = "", klass: str = "",
         city: str | None = None, known_on: date | None = None,
         synthetic: bool = True) -> Mapping[Month, Decimal | None]:  # fmt: skip
    """The number in force in each of these months, None where it is not known: one query for all of them."""
    city = city or settings.CITY_CODE
    accepted = accepted_evidence()
    rows = list(
        Value.objects.filter(
            parameter=parameter, scheme=scheme, city__in=[city, COUNTRY], klass__in=[klass, ""]
        )
    )
    found = {}
    for month in set(months):
        best = in_force(
            rows, month.first_day, city=city, kind=kind, klass=klass,
            known_on=known_on or clock.today(), accepted=accepted, synthetic=synthetic,
        )  # fmt: skip
        found[month] = best.value if best is not None and usable(best, accepted) else None
    return found


def stretches(
    parameter: str, *, scheme: str = "", kind: str = "", klass: str = "", city: str | None = None,
    known_on: date | None = None, synthetic: bool = True,
) -> list[tuple[date, date, Value]]:  # fmt: skip
    """A parameter's whole history: from, until (both included) and the figure, whose value is None while unknown."""
    city, accepted = city or settings.CITY_CODE, accepted_evidence()
    rows = list(
        Value.objects.filter(
            parameter=parameter, scheme=scheme, city__in=[city, COUNTRY], klass__in=[klass, ""]
        )
    )
    cuts = sorted(
        {row.valid_from for row in rows}
        | {row.valid_until + timedelta(days=1) for row in rows if row.valid_until}
    )
    found = []
    for first, following in zip(cuts, [*cuts[1:], None], strict=True):
        best = in_force(
            rows, first, city=city, kind=kind, klass=klass, known_on=known_on or clock.today(), accepted=accepted,
            synthetic=synthetic,
        )  # fmt: skip
        if best is not None:
            if not usable(best, accepted):
                best.value = None
            found.append((first, following - timedelta(days=1) if following else date.max, best))
    return found


def missing(
    scheme: str, kind: str, *, on: Month, klass: str = "", city: str | None = None, known_on: date | None = None,
    synthetic: bool = True,
) -> list[str]:  # fmt: skip
    """Why a due of this scheme and kind can't be computed in this month: a sentence for each unknown figure."""
    asked = {
        "on": on,
        "scheme": scheme,
        "kind": kind,
        "city": city,
        "known_on": known_on,
        "synthetic": synthetic,
    }
    city = city or settings.CITY_CODE
    try:
        parts = figure(DUES_OF, **asked).text.split()
    except Unknown:
        return [
            _("%(city)s %(on)s 没有%(scheme)s%(kind)s的缴费规则")
            % {"city": city_name(city), "on": on, "scheme": scheme_name(scheme), "kind": _kind_name(kind)}
        ]
    sentences = []
    for part in parts:
        try:
            figure(part, klass=klass, **asked)
        except Unknown as unknown:
            sentences.append(unknown.sentence)
    return sentences


def assessed(kind: str, *, on: Month, city: str | None = None) -> list[str]:
    """The schemes whose dues this city assesses for this kind of people in the month, whether or not it can."""
    codes = Value.objects.filter(parameter=DUES_OF, city=city or settings.CITY_CODE, kind=kind)
    codes = codes.filter(valid_from__lte=on.first_day).exclude(valid_until__lt=on.first_day)
    return list(codes.order_by("id").values_list("scheme", flat=True))


def assessed_since(kind: str, *, city: str | None = None) -> date | None:
    """The first day for which this city has a contribution rule for this kind of people; None when it has none."""
    codes = Value.objects.filter(parameter=DUES_OF, city=city or settings.CITY_CODE, kind=kind)
    return codes.order_by("valid_from").values_list("valid_from", flat=True).first()


def cities() -> dict[str, str]:
    """The cities whose figures are loaded: code and name."""
    return dict(Value.objects.filter(parameter="city_name").order_by("city").values_list("city", "text"))


def scheme_name(scheme: str) -> str:
    """养老保险 …: what people call a scheme."""
    return _name("scheme_name", scheme=scheme) or scheme


def city_name(city: str) -> str:
    return _name("city_name", city=city) or city


def _name(parameter: str, scheme: str = "", city: str = "") -> str:
    rows = Value.objects.filter(parameter=parameter, scheme=scheme)
    if city:
        rows = rows.filter(city=city)
    return rows.order_by("-valid_from").values_list("text", flat=True).first() or ""


def _sentence(parameter, on, scheme, kind, klass, city, found: Value | None) -> str:
    """Which figure is missing, and why: 武汉 2013-05 养老保险缴费基数下限未知：未查到."""
    related = (
        found or Value.objects.filter(parameter=parameter, scheme=scheme).order_by("-valid_from").first()
    )
    title = related.title if related else parameter
    if found is None:
        why = _("没有写明")
    elif found.value is None and not found.text:
        why = found.source
    else:
        why = _("证据等级 %(evidence)s 的数值，本系统不采用") % {"evidence": found.evidence}
    return _("%(city)s %(on)s %(scheme)s%(kind)s%(title)s%(klass)s未知：%(why)s") % {
        "city": city_name(city),
        "on": on,
        "scheme": scheme_name(scheme) if scheme else "",
        "kind": _kind_name(kind) if kind == "flexible" else "",
        "title": title,
        "klass": _("（%(klass)s 类）") % {"klass": klass} if klass and related and related.klass else "",
        "why": why,
    }


def _kind_name(kind: str) -> str:
    return {"flexible": _("（灵活就业）"), "employee": _("（职工）")}.get(kind, "")
