"""Drawings made on the server: text one can select, that prints, and that screen readers read. No script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shebao.foundation.months import Month

# Drawn twice, and CSS shows the one that fits: so text stays legible on a phone without scaling.
_WIDE = {"width": 820, "height": 300, "font": 12.5, "left": 52, "foot": 42, "gap": 0.38, "wide": True}
_NARROW = {"width": 350, "height": 250, "font": 11.5, "left": 44, "foot": 36, "gap": 0.3, "wide": False}


@dataclass(frozen=True)
class Paid:
    """One month of the chart, in yuan. `arrears` is a month that is due and not paid."""

    month: Month
    employer: Decimal
    personal: Decimal
    arrears: bool

    @property
    def total(self) -> Decimal:
        return self.employer + self.personal


def contributions(rows: Sequence[Mapping], name: str, title: str = "") -> SafeString:
    """Stacked bars of what person and employer paid per month; arrears are a dashed box with the word.

    Each row has month, employer, personal (yuan or None) and arrears. `name` makes the ids unique on the page.
    """
    months = [_paid(row) for row in rows]
    title = title or _("近 %(n)s 个月缴费到账情况") % {"n": len(months)}
    drawings = "".join(_drawing(months, name, title, **size) for size in (_WIDE, _NARROW))
    return SafeString(drawings)


def finding(months: Sequence[Paid]) -> str:
    """The sentence that says what the bars show."""
    paid = [month for month in months if not month.arrears and month.total]
    parts = []
    if paid:
        parts.append(
            _("个人每月%(personal)s，单位每月%(employer)s")
            % {
                "personal": _between([one.personal for one in paid]),
                "employer": _between([one.employer for one in paid]),
            }
        )
    else:
        parts.append(_("没有到账记录"))
    if owed := [one for one in months if one.arrears]:
        names = _("、").join(str(one.month) for one in owed)
        parts.append(_("%(months)s 欠费，未到账") % {"months": names})
    return _("；").join(parts) + "。"


def _paid(row: Mapping) -> Paid:
    month = row["month"] if isinstance(row["month"], Month) else Month.read(row["month"])
    return Paid(
        month,
        Decimal(row.get("employer") or 0),
        Decimal(row.get("personal") or 0),
        bool(row.get("arrears")),
    )


def _between(amounts: Sequence[Decimal]) -> str:
    low, high = min(amounts), max(amounts)
    if low == high:
        return _(" %(amount)s 元") % {"amount": f"{low:,.2f}"}
    return _(" %(low)s 至 %(high)s 元") % {"low": f"{low:,.2f}", "high": f"{high:,.2f}"}


def ticks(highest: Decimal) -> list[int]:
    """Round values from 0 to just above the highest bar; three or four steps."""
    if highest <= 0:
        return [0, 1000]
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor * 4 >= highest:
                size = step * factor
                count = -(-int(highest.to_integral_value("ROUND_CEILING")) // size)
                return [size * i for i in range(max(count, 2) + 1)]
        step *= 10


def _drawing(months, name, title, *, width, height, font, left, foot, gap, wide) -> str:
    kind = "wide" if wide else "narrow"
    head = format_html(
        '<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-t {id}-d">'
        '<title id="{id}-t">{title}</title><desc id="{id}-d">{said}</desc>',
        kind=kind,
        width=width,
        height=height,
        id=f"{name}-{kind}",
        title=title,
        said=finding(months),
    )
    scale = ticks(max((month.total for month in months), default=Decimal(0)))
    top, bottom, right = font * 2.2, height - foot, width - 6
    top_value = scale[-1]

    def y(value) -> float:
        return bottom - (bottom - top) * float(value) / top_value

    out = [head, _text("ch-t", font, 0, font, _("元"), anchor="start")]
    for value in scale:
        css = "ch-grid" if value else "ch-axis"
        out.append(f'<line class="{css}" x1="{left}" x2="{right}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>')
        out.append(_text("ch-t", font, left - 6, y(value) + font * 0.36, f"{value:,}", anchor="end"))
    step = (right - left) / max(len(months), 1)
    bar = step * (1 - gap)
    for place, month in enumerate(months):
        x = left + step * place + (step - bar) / 2
        out.append(_arrears(x, bar, y, top_value, font) if month.arrears else _bar(month, x, bar, y))
        middle = x + bar / 2
        if wide and month.total and not month.arrears and len(months) <= 12:
            out.append(_text("ch-v", font, middle, y(month.total) - 5, f"{month.total:,.0f}"))
        number = f"{month.month.month}"
        out.append(_text("ch-t", font, middle, bottom + font * 1.45, _month_word(number) if wide else number))
    out.extend(_years(months, left, step, bottom + font * 2.75, font, wide))
    out.append("</svg>")
    return "".join(out)


def _month_word(number: str) -> str:
    return _("%(n)s月") % {"n": number}


def _years(months, left, step, y, font, wide) -> list[str]:
    """The year stands once, under its first month shown."""
    out, place = [], 0
    for year, group in groupby(months, key=lambda one: one.month.year):
        middle = left + step * (place + 0.5)
        word = _("%(year)s年") % {"year": year} if wide else f"’{year % 100:02}"
        out.append(_text("ch-t", font, middle, y, word))
        place += len(list(group))
    return out


def _bar(month: Paid, x: float, width: float, y) -> str:
    if not month.total:
        return ""
    split = y(month.personal)
    own = f'<rect class="ch-p" x="{x:.1f}" y="{split:.1f}" width="{width:.1f}" height="{y(0) - split:.1f}"/>'
    over = max(split - y(month.total) - (1.5 if month.personal else 0), 0)  # a white gap between the two
    employer = (
        f'<rect class="ch-u" x="{x:.1f}" y="{y(month.total):.1f}" width="{width:.1f}" height="{over:.1f}"/>'
    )
    return (own if month.personal else "") + (employer if month.employer else "")


def _arrears(x: float, width: float, y, top_value: int, font: float) -> str:
    edge, middle = y(top_value * 0.76), x + width / 2
    word = _("欠费")
    lines = list(word) if len(word) <= 2 else [word]
    texts = "".join(
        _text("ch-xt", font, middle, y(top_value * 0.4) + font * 1.25 * i, line)
        for i, line in enumerate(lines)
    )
    return (
        f'<rect class="ch-x" x="{x:.1f}" y="{edge:.1f}" width="{width:.1f}" height="{y(0) - edge:.1f}" rx="2"/>'
        + texts
    )


def _text(css: str, font: float, x: float, y: float, text: str, anchor: str = "middle") -> str:
    return (
        f'<text class="{css}" font-size="{font}" text-anchor="{anchor}" x="{x:.1f}" y="{y:.1f}">'
        f"{escape(text)}</text>"
    )
