"""How each state looks: a tone, an icon and a word. Never colour alone.

Tones: "" (nothing to do), info (blue, under way), ok (green, finished), warn (amber, you must do something soon),
bad (red, wrong).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class State:
    """`word` is what people call the state."""

    tone: str
    icon: str
    word: str


STATES = {
    # cases, as on the two lists of the work bench
    "draft": State("", "pencil", _("未提交")),
    "submitted": State("info", "clock", _("进行中")),
    "returned": State("bad", "arrow-back-up", _("被回退")),
    "approved": State("ok", "circle-check", _("结束")),
    "withdrawn": State("", "x", _("已退单")),
    "awaiting-papers": State("warn", "calendar-event", _("待窗口审核")),
    # rows of a case
    "bad": State("bad", "alert-circle", _("有问题")),
    "removed": State("", "trash", _("已删除")),
    "flagged": State("warn", "alert-triangle", _("需人工核对")),
    "passed": State("ok", "circle-check", _("通过")),
    # a file being read
    "waiting": State("", "clock", _("排队中")),
    "reading": State("info", "loader-2", _("正在读取")),
    "done": State("ok", "circle-check", _("已读完")),
    "failed": State("bad", "alert-circle", _("没有完成")),
    # appointments
    "appointment-booked": State("info", "calendar-event", _("已预约")),
    "appointment-displaced": State("bad", "alert-triangle", _("需改约")),
    "appointment-arrived": State("ok", "circle-check", _("已到")),
    "appointment-missed": State("warn", "alert-triangle", _("未到")),
    "appointment-cancelled": State("", "x", _("已取消")),
    "appointment-begun": State("", "clock", _("时间已过")),
    # problem reports
    "problem-open": State("info", "clock", _("待答复")),
    "problem-late": State("bad", "alert-circle", _("已超期")),
    "problem-escalated": State("bad", "alert-triangle", _("督办中")),
    "problem-answered": State("warn", "message-report", _("已答复")),
    "problem-closed": State("ok", "circle-check", _("已办结")),
    # enrolments
    "insured": State("ok", "circle-check", _("正常参保")),
    "paused": State("", "clock", _("已暂停缴费")),
    "never": State("", "x", _("未参保")),
    # money
    "due": State("warn", "calendar-event", _("待缴")),
    "paid": State("ok", "circle-check", _("已到账")),
    "credit": State("info", "receipt", _("待抵扣")),
    "arrears": State("bad", "alert-circle", _("欠费")),
    "open": State("warn", "calendar-event", _("待缴费")),
    "ready": State("warn", "clipboard-check", _("待生成缴费单")),
    "asked": State("info", "receipt", _("已列入缴费单")),
    "taken-back": State("", "arrow-back-up", _("已退回")),
    "matched": State("ok", "circle-check", _("已匹配")),
    "suspense": State("warn", "alert-triangle", _("暂挂")),
    "running": State("info", "loader-2", _("正在计算")),
    "taken-in": State("ok", "circle-check", _("已入账")),
    "refused": State("bad", "alert-circle", _("已拒绝")),
    # statements
    "genuine": State("ok", "shield-check", _("查验一致")),
    "superseded": State("warn", "history", _("已被新版替代")),
    "revoked": State("bad", "shield-x", _("已作废")),
    "altered": State("bad", "shield-x", _("内容被改动")),
    "not-ours": State("bad", "alert-circle", _("查无此件")),
    "expired": State("warn", "clock", _("已过期")),
}


def of(code: object) -> State:
    """The looks of a state, given as its code or as a choice whose value is the code."""
    value = str(getattr(code, "value", code)).replace("_", "-")
    return STATES.get(value) or State("", "info-circle", getattr(code, "label", value))
