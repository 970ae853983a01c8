"""Jiangcheng (江城): the tags that pages are made of. `{% load jc %}`."""

import hashlib
import json
from functools import cache
from urllib.parse import urlencode

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shebao.pages import navigation

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
    return format_html(
        '<svg class="ico {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css,
        _vendored("icons.svg"),
        name,
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


@register.simple_tag
def acting_line(acting) -> str:
    """The small line under the name in the masthead: which kind of account, and its standing."""
    grades = {"ordinary": _("普通单位"), "trusted": _("VIP 单位")}
    kinds = {
        "employer": _("单位经办人"),
        "person": _("参保人"),
        "community": _("社区经办员"),
        "agency": _("经办机构"),
    }
    if acting.kind == "person":
        return kinds["person"]
    parts = [kinds.get(acting.kind, ""), acting.account_name, grades.get(getattr(acting, "grade", ""), "")]
    if acting.kind == "agency":
        parts.insert(1, acting.office_code)
    return " · ".join(part for part in parts if part and part != acting.party_name)


@register.filter
def as_json(value) -> SafeString:
    """A list of our own addresses as a script literal."""
    return SafeString(json.dumps(value))


@register.filter
def fingerprint(value) -> str:
    """A short name that changes when the value does."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:12]
