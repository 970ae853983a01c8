"""One page: drop the file, or type what is printed."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.identity import throttle
from shebao.identity.sources import neighbourhood, source_of
from shebao.pages.screens import page
from shebao.statements import verification
from shebao.statements.verification import Answer, Verdict

TITLES = {
    Answer.GENUINE: lazy("查验一致"),
    Answer.ALTERED: lazy("内容被改动"),
    Answer.SUPERSEDED: lazy("已被新版替代"),
    Answer.REVOKED: lazy("已作废"),
    Answer.NOT_OURS: lazy("查无此件"),
}
# A clerk who checks a pile of papers mistypes now and then; a guesser of 80-bit codes gets nowhere anyway.
GUESSES = throttle.Limit(free=20, window=timedelta(hours=1), first_wait=timedelta(seconds=30))
# A file costs a signature check. An office's whole neighbourhood shares one count, so the limit is a wide one.
FILES = throttle.Limit(free=120, window=timedelta(hours=1), first_wait=timedelta(seconds=30))


AMOUNT = re.compile(r"-?\d+\.\d\d")


@dataclass(frozen=True)
class Shown:
    """A verdict as the page says it."""

    verdict: str
    title: str
    sentence: str
    facts: tuple[tuple[str, str], ...]


def verify(request: HttpRequest) -> HttpResponse:
    """GET: the forms, filled in from the QR code's address. POST: the answer for a file, or for serial and code."""
    serial = request.POST.get("serial", request.GET.get("serial", "")).strip()
    code = request.POST.get("code", request.GET.get("code", "")).strip()
    if request.method != "POST":
        return _page(request, serial, code)
    file = request.FILES.get("file")
    if file is None and "serial" not in request.POST:
        return _page(request, serial, code, file_wrong=_("请先选择对账单的 PDF 文件，再点“核对文件”"))
    if file is not None and file.size > verification.LARGEST:
        return _page(
            request, serial, code, file_wrong=_("文件超过 20 MB，不会是本平台的对账单；请核对是否选错文件")
        )
    if file is None and not (serial and code):
        return _page(
            request,
            serial,
            code,
            serial_wrong="" if serial else _("请填写对账单右上角的编号"),
            code_wrong="" if code else _("请填写编号下面的验证码"),
        )
    origin = neighbourhood(source_of(request))
    by = request.user.display_name if request.user.is_authenticated else "stranger"
    if file is not None:
        wait = throttle.charge(throttle.key("verify-file", origin), FILES)
        if wait:
            sentence = _("核对文件次数过多，请 %(seconds)s 秒后再试") % {
                "seconds": int(wait.total_seconds()) + 1
            }
            return _page(request, serial, code, file_wrong=sentence, status=429)
        return _page(request, "", "", found=_shown(verification.of_file(file.read(), by=by, origin=origin)))
    door = throttle.key("verify", origin)
    wait = throttle.charge(door, GUESSES)
    if wait:
        sentence = _("查验次数过多，请 %(seconds)s 秒后再试；也可以直接核对 PDF 文件") % {
            "seconds": int(wait.total_seconds()) + 1
        }
        return _page(request, serial, code, code_wrong=sentence, status=429)
    verdict = verification.of_code(serial, code, by=by, origin=origin)
    if verdict.answer is not Answer.NOT_OURS:
        throttle.give_back([door])
    return _page(request, serial, code, found=_shown(verdict))


def _page(request, serial, code, *, found=None, status=200, file_wrong="", serial_wrong="", code_wrong=""):
    wrongs = [
        (name, label, sentence)
        for name, label, sentence in (
            ("file", _("对账单文件"), file_wrong),
            ("serial", _("编号"), serial_wrong),
            ("code", _("验证码"), code_wrong),
        )
        if sentence
    ]
    return page(
        request,
        "verify/index.html",
        status=status,
        serial=serial,
        code=code,
        found=found,
        wrongs=wrongs,
        file_wrong=file_wrong,
        serial_wrong=serial_wrong,
        code_wrong=code_wrong,
    )


def _shown(verdict: Verdict) -> Shown:
    facts: list[tuple[str, str]] = []
    if verdict.serial:
        facts.append((_("编号"), verdict.serial))
    if certified := verdict.certified:
        facts += [
            (_("文件名称"), certified["title"]),
            *_whose(certified),
            (_("期间"), _("%(from)s 至 %(to)s") % certified),
            *((line["label"], _scheme(line)) for line in certified["schemes"]),
            *_of_all(certified),
            (_("出具机构"), certified["issuer"]),
            (_("出具时间"), certified["issued_at"].replace("T", " ")[:19]),
        ]
    return Shown(str(verdict.answer), TITLES[verdict.answer], verdict.sentence, tuple(facts))


def _whose(certified: dict) -> list[tuple[str, str]]:
    facts = []
    if employer := certified.get("employer"):
        facts.append((_("单位"), f"{employer['name']}（{employer['uscc']}）"))
    if "name" in certified:
        label = _("职工") if employer else _("参保人")
        facts.append((label, f"{certified['name']}（{certified['id_number']}）"))
    return facts


def _of_all(certified: dict) -> list[tuple[str, str]]:
    """An employer's sums over all its people, and their lines where they are told."""
    totals = certified.get("totals")
    if totals is None:
        return []
    people = certified["people"]
    facts = [(_("职工人数"), str(totals["persons"])), (_("合计"), _shares(totals))]
    facts += [(f"{line['name']} {line['id_number']}", _shares(line)) for line in people]
    if totals["persons"] and not people:
        facts.append((_("逐人明细"), _("人数较多，这里不列；要核对逐人数字，请用 PDF 文件核验")))
    return facts


def _shares(line: dict) -> str:
    return _("单位应缴 %(due)s 元，已到账 %(paid)s 元，欠费 %(arrears)s 元，待缴 %(not_yet_due)s 元") % _yuan(
        line
    )


def _yuan(line: dict) -> dict:
    """The same with each amount as people read it: 1,234.50."""
    amounts = {
        name: value for name, value in line.items() if isinstance(value, str) and AMOUNT.fullmatch(value)
    }
    return line | {name: f"{Decimal(value):,.2f}" for name, value in amounts.items()}


def _scheme(line: dict) -> str:
    line = _yuan(line)
    if "months" not in line:
        return _("单位应缴 %(employer)s 元") % line
    if "personal_paid" not in line:
        paid = _("应缴 %(months)s 个月，单位已缴 %(employer_paid)s 元") % line
    else:
        paid = _("应缴 %(months)s 个月，已缴单位 %(employer_paid)s 元、个人 %(personal_paid)s 元") % line
    return paid + (_("，欠费 %(months_in_arrears)s 个月") % line if line["months_in_arrears"] else "")
