"""The contribution rule: one SQL for a city, a person, or a row somebody only asks about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from shebao.assessment.explanations import Explanation, PostedLine, explanations, of_month
from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.policy import inforce

_SQL = sql.queries("shebao.assessment", "contributions.sql")


class NoRule(Unsettled):
    """No rule is in force for some of the subjects: a figure is not known, or nothing was declared."""


def rule_for(months: Sequence[Month], *, subject: str | None = None) -> dict[str, str]:
    """The named relations that end in `rule`, one row per due; parameters are `scope(months)`.

    `subject` is a SELECT of the same columns for others than the people enrolled.
    """
    return {
        "asked": _SQL["asked_one" if len(months) == 1 else "asked_many"],
        "terms": _SQL["terms"],
        **({"subject": subject} if subject else {"classes": _SQL["classes"], "subject": _SQL["enrolled"]}),
        "rule": _SQL["rule"],
    }


def scope(
    months: Sequence[Month], *, city: str | None = None, known_on: date | None = None, synthetic: bool = True
) -> dict[str, object]:
    """Parameters of `rule_for`: the city of this installation, and what is known today, unless told otherwise."""
    return {
        "month": months[0],
        "months": list(months),
        "city": city or settings.CITY_CODE,
        "known_on": known_on or clock.today(),
        "synthetic": synthetic,
        "person_ids": None,
        "first_person": None,
        "last_person": None,
    }


def refuse_unruled(relations: Mapping[str, str], params: Mapping[str, object]) -> None:
    """Raise NoRule, naming what is missing, when the rule can't answer for one of its subjects."""
    unruled = sql.rows(sql.using(relations, _SQL["unruled"]), params)
    if not unruled:
        return
    sentences = []
    for row in unruled:
        month, klass = Month.of(row["month"]), row["injury_class"]
        if not row["no_terms"]:
            sentences.append(
                _("%(month)s %(scheme)s有 %(subjects)s 人没有申报工资或缴费档次，无法核定")
                % {"month": month, "scheme": inforce.scheme_name(row["scheme"]), "subjects": row["subjects"]}
            )
        elif klass is None:
            sentences.append(
                _("%(month)s 有 %(subjects)s 人的单位没有工伤保险行业类别，无法核定")
                % {"month": month, "subjects": row["subjects"]}
            )
        else:
            sentences += inforce.missing(
                row["scheme"], row["kind"], on=month, klass=str(klass or ""), city=params["city"],
                known_on=params["known_on"], synthetic=params["synthetic"],
            )  # fmt: skip
    raise NoRule("；".join(dict.fromkeys(sentences)))


@dataclass(frozen=True)
class Subject:
    """One person in one scheme, as far as the rule asks: a wage (yuan a month) or a tier (share of the average)."""

    scheme: str
    kind: str = "employee"
    declared_wage: Decimal | None = None
    tier: Decimal | None = None
    injury_class: int = 0


@dataclass(frozen=True)
class Line:
    """What one subject's due would be, in yuan, and why."""

    scheme: str
    month: Month
    base: Decimal
    employer_part: Decimal
    personal_part: Decimal
    account_part: Decimal
    explanation: Explanation


def preview(
    month: Month, subjects: Sequence[Subject], *, city: str | None = None, known_on: date | None = None,
    synthetic: bool = False,
) -> list[Line]:  # fmt: skip
    """What the rule asks of these subjects in the month, in their order. Nothing is written.

    Raises NoRule when a figure is not known. Made-up figures of the demo count only with `synthetic`.
    """
    relations = rule_for([month], subject=_SQL["given"])
    rows = [
        {
            "person_id": number,
            "payer_id": number,
            "scheme": str(s.scheme),
            "kind": str(s.kind),
            "declared_wage": None if s.declared_wage is None else str(s.declared_wage),
            "tier": None if s.tier is None else str(s.tier),
            "injury_class": s.injury_class,
        }
        for number, s in enumerate(subjects)
    ]
    params = scope([month], city=city, known_on=known_on, synthetic=synthetic) | {"subjects": Jsonb(rows)}
    found = sql.rows(sql.using(relations, _SQL["lines"]), params)
    if any(row["terms_id"] is None or row["declared"] is None for row in found):
        refuse_unruled(relations, params)
    return [
        Line(
            row["scheme"], month, row["base"], row["employer_part"], row["personal_part"], row["account_part"], why
        )
        for row, why in zip(found, explanations(found), strict=True)
    ]  # fmt: skip


def explain(person_id: int, scheme: str, payer_id: int, month: Month) -> list[PostedLine]:
    """The posted lines of one due with the terms and values they rest on; empty when nothing is posted."""
    return [
        line
        for line in of_month(person_id, month)
        if line.scheme == str(scheme) and line.payer_id == payer_id
    ]
