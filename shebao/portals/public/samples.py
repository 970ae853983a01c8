"""What /_patterns/ shows: invented people in every state a component knows."""

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
        "sizes": (10, 20, 50),
        "rows": rows,
        "wrongs": [
            ("id_mobile", "联系手机", "请填写 11 位手机号码"),
            ("", "", "服务器没有收到文件，请重新选择"),
        ],
        "panels": [
            Section("各种填写项", fields(), "出错的两项有红线、图标和文字"),
        ],
        "moves": [
            {"title": "录入信息", "at": "10:18", "state": "done", "note": "经办人 张* 录入"},
            {"title": "窗口审核", "at": "等待中", "state": "current"},
            {"title": "结束", "at": "", "state": "todo"},
        ],
        "summary": [("姓名", "李志明"), ("申报工资", "5,860.00"), ("备注", "")],
    }


def fields() -> list[Field]:
    """One of each kind."""
    error = "请填写 11 位手机号码"
    return [
        Field(name="name", label="姓名", kind="name", value="李志明"),
        Field(name="mobile", label="联系手机", kind="mobile", value="1380000", errors=[error]),
        Field(
            name="id_number",
            label="身份证号码",
            kind="id-number",
            hint="18 位，末位是 X 的请填大写 X",
            button=Button("查询", "/_patterns/", "#looked-up"),
        ),
        Field(name="wage", label="月申报工资", kind="money", unit="元/月", value="5860.00"),
        Field(name="number", label="社保个人编号", value="0042008817", readonly=True),
        Field(
            name="reason",
            label="暂停原因",
            kind="select",
            choices=[("", "请选择"), ("resigned", "辞职"), ("retired", "退休")],
            errors=["请选择暂停原因"],
        ),
        Field(
            name="card",
            label="申领社会保障卡",
            kind="radios",
            choices=[("1", "是"), ("0", "否")],
            value="0",
        ),
        Field(
            name="schemes",
            label="参保险种",
            kind="ticks",
            choices=[("pension", "养老"), ("medical", "医疗"), ("injury", "工伤")],
            values=["pension"],
            required=False,
        ),
        Field(name="note", label="说明", kind="textarea", required=False, full=True),
        Field(
            name="photo",
            label="相片",
            kind="file",
            required=False,
            hint="JPG 格式",
            accept="image/jpeg",
        ),
        Field(name="declared", label="我已与职工本人核对", kind="tick"),
    ]
