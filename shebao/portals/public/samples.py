"""What /_patterns/ shows: invented people in every state a component knows."""

from django.utils.translation import gettext as _

from shebao.foundation import clock
from shebao.pages import states
from shebao.pages.fields import Button, Field, Section


def patterns() -> dict:
    """The context of public/patterns.html."""
    month = clock.this_month()
    rows = [
        {"month": month.plus(-11 + n), "personal": "651.60", "employer": "1828.32", "arrears": n == 7}
        for n in range(12)
    ]
    return {
        "states": sorted(states.STATES),
        "rows": rows,
        "wrongs": [
            ("id_mobile", _("联系手机"), _("请填写 11 位手机号码")),
            ("", "", _("服务器没有收到文件，请重新选择")),
        ],
        "panels": [
            Section(_("各种填写项"), fields(), _("出错的两项有红线、图标和文字")),
        ],
        "moves": [
            {"title": _("录入信息"), "at": "10:18", "state": "done", "note": _("经办人 张* 录入")},
            {"title": _("窗口审核"), "at": _("等待中"), "state": "current"},
            {"title": _("结束"), "at": "", "state": "todo"},
        ],
        "summary": [(_("姓名"), "李志明"), (_("申报工资"), "5,860.00"), (_("备注"), "")],
    }


def fields() -> list[Field]:
    """One of each kind."""
    error = _("请填写 11 位手机号码")
    return [
        Field(name="name", label=_("姓名"), kind="name", value="李志明"),
        Field(name="mobile", label=_("联系手机"), kind="mobile", value="1380000", errors=[error]),
        Field(
            name="id_number",
            label=_("身份证号码"),
            kind="id-number",
            hint=_("18 位，末位是 X 的请填大写 X"),
            button=Button(_("查询"), "/_patterns/", "#looked-up"),
        ),
        Field(name="wage", label=_("月申报工资"), kind="money", unit=_("元/月"), value="5860.00"),
        Field(name="number", label=_("社保个人编号"), value="0042008817", readonly=True),
        Field(
            name="reason",
            label=_("暂停原因"),
            kind="select",
            choices=[("", _("请选择")), ("resigned", _("辞职")), ("retired", _("退休"))],
            errors=[_("请选择暂停原因")],
        ),
        Field(
            name="card",
            label=_("申领社会保障卡"),
            kind="radios",
            choices=[("1", _("是")), ("0", _("否"))],
            value="0",
        ),
        Field(
            name="schemes",
            label=_("参保险种"),
            kind="ticks",
            choices=[("pension", _("养老")), ("medical", _("医疗")), ("injury", _("工伤"))],
            values=["pension"],
            required=False,
        ),
        Field(name="note", label=_("说明"), kind="textarea", required=False, full=True),
        Field(
            name="photo",
            label=_("相片"),
            kind="file",
            required=False,
            hint=_("JPG 格式"),
            accept="image/jpeg",
        ),
        Field(name="declared", label=_("我已与职工本人核对"), kind="tick"),
    ]
