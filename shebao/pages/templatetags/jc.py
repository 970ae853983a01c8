"""Jiangcheng (江城): the tags that pages are made of. `{% load jc %}`."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from urllib.parse import urlencode

from django import forms, template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import QueryDict
from django.template.base import Node, Parser, Token, Variable
from django.templatetags.i18n import do_translate
from django.templatetags.static import StaticNode
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from shebao.foundation import clock, masks
from shebao.foundation.months import Month
from shebao.pages import charts, fields, navigation, states

register = template.Library()


@cache
def _vendored(name: str) -> str:
    """Where a copied file is served, or "" when the set-up hasn't copied it: pages work without."""
    try:
        return staticfiles_storage.url(f"vendor/{name}")
    except ValueError:
        return ""


@register.simple_tag
def vendor(name: str) -> str:
    """The address of somebody else's file: {% vendor "govuk-frontend.min.js" %}."""
    return _vendored(name)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon beside a word. It is silent to screen readers: the word says it all."""
    return _icon(name, css)


@cache
def _icon(name: str, css: str) -> SafeString:
    return format_html(
        '<svg class="ico {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css,
        _vendored("icons.svg"),
        name,
    )


@register.tag("translate")
@register.tag("trans")
def trans(parser: Parser, token: Token) -> Node:
    """Django's own, which here says a constant text from memory: a page has up to two hundred of them."""
    node = do_translate(parser, token)
    spoken = node.filter_expression
    constant = isinstance(spoken.var, Variable) and spoken.var.literal is not None and not spoken.filters
    return Said(node) if constant and not (node.noop or node.asvar or node.message_context) else node


@register.tag("static")
def static(parser: Parser, token: Token) -> Node:
    """Django's own, which here remembers where a constant file is served."""
    node = StaticNode.handle_token(parser, token)
    return Said(node) if isinstance(node.path.var, str) and not (node.path.filters or node.varname) else node


class Said(Node):
    """What depends on nothing but the language."""

    def __init__(self, node: Node):
        self.node = node
        self.in_language: dict[str, str] = {}

    def render(self, context: template.Context) -> str:
        language = get_language()
        if language not in self.in_language:
            self.in_language[language] = self.node.render(context)
        return self.in_language[language]


@register.simple_tag
def options(choices: Iterable[tuple[str, object]], chosen: str = "") -> SafeString:
    """{% options services sought.service %}: what a <select> offers, from pairs of value and words."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SafeString(" selected") if value == chosen else "", words) for value, words in choices),
    )


@register.simple_tag
def link(*names: str, **kwargs) -> str:
    """{% link "login" "identity:login" as u %}: the first of these addresses that exists, or ""."""
    return navigation.address(*names, **kwargs)


@register.simple_tag
def foot(name: str, label: str) -> SafeString:
    """One line of the footer, or nothing where the address doesn't exist."""
    url = navigation.address(name)
    return format_html('<li><a href="{}">{}</a></li>', url, label) if url else SafeString("")


@register.simple_tag(takes_context=True)
def mode_url(context: dict, mode: str) -> str:
    """The link into or out of 长者模式, which leads back to this page."""
    request = context.get("request")
    here = request.get_full_path() if request and request.method == "GET" else "/"
    return f"{reverse(f'mode-{mode}')}?{urlencode({'next': here})}"


@register.filter
def money(value: object) -> str:
    """Yuan with thousands separators and two decimals; — where there is none."""
    if value is None or value == "":
        return "—"
    return f"{Decimal(str(value)):,.2f}"


@register.filter
def cell(value: object) -> str:
    """An amount in yuan as money, anything else as it is; — where there is none."""
    return money(value) if isinstance(value, Decimal) else str(value or "—")


@register.filter
def counted(what: object, rows: int) -> str:
    """So many rows of a case or a service, in its words: {{ case|counted:case.total }} is 3 人."""
    return what.counted(rows)


@register.filter
def share(value: object) -> str:
    """A rate as people say it: 0.160000 is 16%, 0.087 is 8.7%."""
    return f"{(Decimal(str(value)) * 100).normalize():f}%"


@register.filter
def mask_id(value: object) -> str:
    """4201**********0037."""
    return masks.id_number(str(value)) if value else ""


@register.filter
def grouped(value: int) -> str:
    """12,345: a count as people read it."""
    return f"{value:,}"


@register.filter
def month(value: object) -> str:
    """2026-06, from a month or a day."""
    return str(value if isinstance(value, Month) else Month.of(value)) if value else ""


@register.filter
def month_words(value: object) -> str:
    """2026 年 6 月, for sentences."""
    if not value:
        return ""
    return _("%(year)s 年 %(month)s 月") % {"year": value.year, "month": value.month}


@register.filter
def day_words(value) -> str:
    """6 月 20 日, for sentences."""
    return _("%(month)s 月 %(day)s 日") % {"month": value.month, "day": value.day} if value else ""


@register.filter
def moment(value) -> str:
    """06-12 10:25, as lists show it; the year only where it isn't this one."""
    if not value:
        return "—"
    here = timezone.localtime(value) if timezone.is_aware(value) else value
    return here.strftime("%m-%d %H:%M" if here.year == clock.today().year else "%Y-%m-%d %H:%M")


@register.filter
def ordinal(number: int) -> str:
    """The number before a panel's title: 一、 in Chinese, 1. in English."""
    numbers = _("一、|二、|三、|四、|五、|六、|七、|八、|九、|十、").split("|")
    return numbers[number - 1] if number <= len(numbers) else ""


@register.simple_tag
def status_tag(state, word: str = "") -> SafeString:
    """{% status_tag case.state %}: icon and word of a state; `word` says it otherwise."""
    look = states.of(state)
    tone = f" tag--{look.tone}" if look.tone else ""
    return format_html('<span class="tag{}">{}{}</span>', tone, icon(look.icon), word or look.word)


@register.simple_tag
def status_word(state, word: str = "") -> SafeString:
    """As status_tag, without the box: for the cells of a table."""
    look = states.of(state)
    tone = f" st--{look.tone}" if look.tone else ""
    return format_html('<span class="st{}">{}{}</span>', tone, icon(look.icon), word or look.word)


@register.simple_tag
def contrib_chart(rows: Sequence[Mapping], name: str, title: str = "") -> SafeString:
    """{% contrib_chart rows "cc" %}: rows of month, employer, personal (yuan), arrears (bool)."""
    return charts.contributions(rows, name, title)


@register.inclusion_tag("ui/field.html")
def field(one) -> dict:
    """{% field form.wage %}: one of Django's bound fields, or a shebao.pages.fields.Field."""
    return {"f": fields.of(one)}


@register.inclusion_tag("ui/sections.html")
def sections(panels: Iterable[fields.Section]) -> dict:
    """{% sections panels %}: the numbered panels of a form, fields in two columns."""
    return {"panels": [(panel, [fields.of(one) for one in panel.fields]) for panel in panels]}


@register.inclusion_tag("ui/errsum.html")
def errsum(wrongs, deed: str = "") -> dict:
    """{% errsum form %} or {% errsum wrongs "提交" %}: what has to be mended, each line a link to its field.

    `wrongs` is a Django form, or a list of (id of the control, label, sentence); label may be empty.
    """
    lines = _form_lines(wrongs) if isinstance(wrongs, forms.BaseForm) else list(wrongs or ())
    return {"lines": lines, "deed": (deed or _("保存")).lower()}


def _form_lines(form: forms.BaseForm) -> list[tuple[str, str, str]]:
    lines = [("", "", error) for error in form.non_field_errors()]
    for bound in form:
        lines += [(bound.auto_id, bound.label, error) for error in bound.errors]
    return lines


FOUR_STEPS = (
    (_noop("录入信息"), _noop("填写并校验")),
    (_noop("保存"), _noop("提交前都可以修改")),
    (_noop("提交审批"), _noop("提交后不能改")),
    (_noop("查看状态"), _noop("进行中、结束或回退")),
)


@register.inclusion_tag("ui/steps.html")
def steps(current: int, labels: Sequence[tuple[str, str]] | None = None) -> dict:
    """{% steps 1 %}: the four steps of every case, or `labels` of (word, small line)."""
    shown = [(_(word), _(small) if small else "") for word, small in labels or FOUR_STEPS]
    return {"current": current, "total": len(shown), "steps": list(enumerate(shown, 1))}


@register.inclusion_tag("ui/timeline.html")
def timeline(moves: Iterable[Mapping]) -> dict:
    """{% timeline moves %}: each has title, at (time, text or None), note, state: done, current or todo."""
    return {"moves": list(moves)}


@register.inclusion_tag("ui/sumlist.html")
def sumlist(name: str, title: str, rows: Iterable[tuple[str, object]], change: str = "") -> dict:
    """{% sumlist "c1" "职工身份" rows change_url %}: what was entered, with a way back; rows are (label, value)."""
    return {"name": name, "title": title, "rows": list(rows), "change": change}


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(
    context: dict,
    previous: str = "",
    next: str = "",
    said: str = "",
    sizes: Sequence[int] = (),
    size: int = 0,
    label: str = "",
    list: str = "",
) -> dict:
    """{% pager previous=page.previous next=page.next said="第 1–10 件，共 30 件" %}.

    Pages are found by key: `previous` and `next` are whole query values, put into ?before= and ?after=. Where a page
    has several lists, `label` tells their pagers apart, and `list` their queries: ?failed_after= for list="failed".
    `sizes` are those that can be chosen for a page, `size` the one it has.
    """
    begin = f"{list}_" if list else ""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for key in ("before", "after"):
        query.pop(begin + key, None)

    def to(**more: str) -> str:
        changed = query.copy()
        for key, value in more.items():
            changed[key] = value
        return f"?{changed.urlencode()}"

    return {
        "previous": to(**{f"{begin}before": previous}) if previous else "",
        "next": to(**{f"{begin}after": next}) if next else "",
        "said": said,
        "label": label,
        "sizes": [(one, to(size=str(one)), one == size) for one in sizes],
    }


@register.simple_tag(takes_context=True)
def query(context: dict, **changes: object) -> str:
    """{% query state="returned" %}: this page's query with changes; None or "" takes a key out, paging restarts."""
    asked = context["request"].GET.copy()
    for key in ("before", "after"):
        asked.pop(key, None)
    for key, value in changes.items():
        asked.pop(key, None)
        if value not in (None, ""):
            asked[key] = value
    return f"?{asked.urlencode()}"


@register.filter
def beside(one, other) -> list[tuple]:
    """{% for head, cell in heads|beside:cells %}: pairs, as far as both go."""
    return list(zip(one, other, strict=False))


@register.filter
def get(mapping, key):
    """{{ mapping|get:key }}: None where the key isn't there."""
    return mapping.get(key) if mapping else None


@register.filter
def as_json(value) -> SafeString:
    """A list of our own addresses as a script literal."""
    return SafeString(json.dumps(value))


@register.filter
def fingerprint(value) -> str:
    """A short name that changes when the value does."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:12]
