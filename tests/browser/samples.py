"""Pages with invented contexts, so that each state of a screen can be looked at without making it happen.

Served by the routes of tests/browser/urls.py. The contexts are those that the templates' first comments ask for.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace as Some

from django.template.loader import render_to_string
from django.utils import timezone

from shebao.casework.benches import Sought
from shebao.casework.counting import Unit
from shebao.casework.models import State
from shebao.casework.service import Offer, Offers, Window
from shebao.foundation.months import Month
from shebao.identity.acting import Acting
from shebao.pages.fields import Button, Field, Section

# Pages read attributes and nothing else, so that any object does which has them.
COUNTED = Unit.PEOPLE.counted
ENROL = Some(
    code="enrol-employees",
    title="增员（续保）",
    purpose="为新招用的职工办理参保，或为停保的职工续保",
    counted=COUNTED,
)
PAUSE = Some(
    code="pause-employees", title="暂停缴费", purpose="职工离职、退休等，从下月起停止缴费", counted=COUNTED
)
NOON = datetime(2026, 11, 12, 10, 25, tzinfo=timezone.get_default_timezone())

CLERK = Acting(
    7, "张敏", "employer", 86, "武汉江汇精密制造有限公司", frozenset({"admin"}), "420106", "ordinary"
)
OFFICER = Acting(3, "陈静", "agency", None, "武昌区社会保险经办机构", frozenset({"reviewer"}), "420106")

RETURNED_WHY = "此人在武汉晨光商贸有限公司单位未停保，请先由原单位办理暂停缴费"


def case(number=1, service=ENROL, state=State.DRAFT, about="李*明", total=1, **more) -> Some:
    saved = NOON - timedelta(hours=number * 3)
    return Some(
        number=f"42010020261112{number:06d}",
        service=service,
        party_name="武汉江汇精密制造有限公司",
        state=state,
        about=about,
        total=total,
        saved_at=saved,
        submitted_at=saved,
        version=3,
        counted=COUNTED,
        **more,
    )


def line(number, url="/_samples/form/", **more) -> dict:
    reasons = more.pop("reasons", [])
    return {
        "case": case(number, **more),
        "sub": "4201**********0037",
        "reasons": reasons,
        "url": url,
        "may": True,
        "withdraw_url": "/_samples/withdraw/",
    }


def person(name: str, number: str) -> list[tuple[str, str]]:
    """The cells that say whom a row is about, each with its head."""
    return [("姓名", name), ("身份证号码", number)]


def narrowed(name: str) -> dict:
    """What narrows a list of the bench, with nothing asked."""
    return {
        "name": name,
        "services": [(ENROL.code, ENROL.title), (PAUSE.code, PAUSE.title)],
        "states": [("draft", "未提交"), ("returned", "被回退")],
        "sought": Sought(),
    }


TODO = {
    "count": 5,
    "asked": False,
    "lines": [
        line(1, state=State.RETURNED, reasons=[RETURNED_WHY]),
        line(2, about="胡*军等 12 人", total=12),
        line(3, about="陈*"),
        line(
            4,
            service=PAUSE,
            state=State.RETURNED,
            about="周*芳",
            reasons=["2026-09 至 2026-10 社会保险费未缴清，请先办理单位员工欠费补缴"],
        ),
        line(5, about="刘*"),
    ],
    "filters": narrowed("todo"),
    "said": "第 1–5 件，共 5 件",
}
DONE = {
    "count": 30,
    "asked": False,
    "filters": narrowed("done"),
    "lines": [
        {
            "case": case(8, about="吴*"),
            "state": "submitted",
            "note": "系统审核，一般几秒钟",
            "url": "/_samples/status/",
        },
        {
            "case": case(9, about="何*洋"),
            "state": "awaiting-papers",
            "note": "请于 11 月 20 日前带材料审核",
            "url": "/_samples/status/",
        },
        {
            "case": case(10, service=PAUSE, about="汪*等 4 人"),
            "state": "approved",
            "note": "审核通过 4 人",
            "url": "/",
        },
        {"case": case(11, about="刘*"), "state": "approved", "note": "审核通过 1 人", "url": "/"},
        {"case": case(12, about="程*"), "state": "withdrawn", "note": "", "url": "/"},
    ],
    "next": "k",
    "said": "本页 5 件，共 30 件",
    "sizes": (10, 20, 50),
    "size": 10,
}


def bench() -> dict:
    return {
        "acting": CLERK,
        "session_seconds": 1800,
        "deadline": {"by": date(2026, 11, 20), "left": 8, "day": 12, "days": 20},
        "tally": [
            ("被回退，需处理", 2, "#todo", "bad"),
            ("已保存，未提交", 3, "#todo", ""),
            ("审批进行中", 2, "#done", ""),
            ("本月已结束", 28, "#done", ""),
        ],
        "main_action": ("办理增员", "/_samples/form/", "user-plus"),
        "todo": TODO,
        "done": DONE,
        "quick": [
            ("user-plus", "增员（续保）", "/_samples/form/"),
            ("user-minus", "暂停缴费", "/_samples/pick/"),
            ("file-spreadsheet", "批量增员", "/_samples/batch/"),
            ("receipt", "缴费账单", "/"),
            ("users", "参保职工", "/"),
            ("book", "办事指南", "/guides/"),
        ],
        "directory": [
            (
                "users",
                "人员增减",
                [("增员（续保）", "/_samples/form/", "批量"), ("暂停缴费", "/_samples/pick/", "批量")],
            ),
            ("receipt", "缴费与欠费", [("月度账单", "/", ""), ("缴费单", "/", "")]),
            ("search", "综合查询", [("已办业务查询", "/", ""), ("参保职工花名册", "/", "")]),
        ],
        "papers": ["何*洋：劳动合同、身份证复印件、企业参保人员增员表"],
    }


def empty_bench() -> dict:
    return bench() | {
        "tally": [],
        "papers": [],
        "todo": {"count": 0, "asked": False, "lines": []},
        "done": {"count": 0, "asked": False, "lines": []},
    }


FOUND = [("系统登记", "已有"), ("参保状态", "已停保"), ("最近缴费月份", "2026-09")]


def panels(wrong: bool) -> list[Section]:
    def wrongs(sentence):
        return [sentence] if wrong else []

    return [
        Section(
            "职工身份",
            [
                Field(
                    name="id_number",
                    label="身份证号码",
                    kind="id-number",
                    value="420106199203150038",
                    hint="18 位，末位是 X 的请填大写 X",
                    errors=wrongs("第 18 位校验不符，请与身份证核对"),
                    full=True,
                    button=Button("查询", "/_samples/form/", "#who"),
                ),
                Field(name="name", label="姓名", kind="name", value="李志明", hint="与身份证一致"),
                Field(
                    name="mobile",
                    label="手机号码",
                    kind="mobile",
                    value="1380000",
                    required=False,
                    errors=wrongs("请填写 11 位手机号码"),
                ),
            ],
            "先查询，系统读取已有登记信息",
            render_to_string("filing/who_part.html", {"found": FOUND}),
            live="who",
        ),
        Section(
            "用工与工资",
            [
                Field(
                    name="hired_on",
                    label="用工起始日期",
                    kind="date",
                    value="2026-11-02",
                    hint="劳动合同的第一天，例如 2026-11-02",
                ),
                Field(
                    name="wage",
                    label="月申报工资",
                    kind="money",
                    unit="元/月",
                    hint="低于下限或高于上限时按下限或上限计缴",
                    errors=wrongs("请填写月申报工资"),
                ),
                Field(
                    name="starts",
                    label="缴费起始月",
                    kind="month",
                    required=False,
                    hint="不填即为用工当月。含本月最多往前 3 个月",
                ),
            ],
        ),
        Section(
            "参加险种",
            [
                Field(
                    name="schemes",
                    label="参保险种",
                    kind="ticks",
                    full=True,
                    choices=[
                        ("pension", "养老"),
                        ("medical", "医疗"),
                        ("unemployment", "失业"),
                        ("injury", "工伤"),
                    ],
                    values=["pension", "medical", "unemployment", "injury"],
                    hint="须与本单位参保险种一致",
                ),
                Field(
                    name="card",
                    label="申领社会保障卡",
                    kind="radios",
                    choices=[("true", "是"), ("false", "否")],
                    value="false",
                ),
                Field(
                    name="photo",
                    label="相片",
                    kind="file",
                    required=False,
                    hint="JPG 格式，白底免冠",
                    accept=".jpg",
                ),
            ],
        ),
    ]


WRONGS = [
    ("id_id_number", "身份证号码", "第 18 位校验不符，请核对"),
    ("id_mobile", "手机号码", "请填写 11 位手机号码"),
    ("id_wage", "月申报工资", "请填写月申报工资"),
]
COMMON = {
    "acting": CLERK,
    "service": ENROL,
    "bench_url": "/_samples/bench/",
    "bench_label": "工作台",
    "bench_kept": "待办任务列表",
    "declaration": "我已与职工本人核对，以上信息真实、完整，材料留存备查",
    "cancel_url": "/_samples/bench/",
    "withdraw_url": "/_samples/withdraw/",
    "edit_url": "/_samples/form/",
    "window": Window(date(2026, 11, 1), date(2026, 11, 30), date(2026, 11, 20)),
    "ordinary": True,
    "materials": ["企业参保人员增员表", "劳动合同"],
}


def form() -> dict:
    return COMMON | {
        "case": None,
        "token": "0192",
        "panels": panels(False),
        "wrongs": [],
        "withdraw_url": "",
        "single_url": "/_samples/form/",
        "batch_url": "/_samples/batch/",
        "conditions": ["首次参保：男满 16 未满 50 周岁，女满 16 未满 40 周岁", "未参保，或原险种已停保"],
    }


def form_wrong() -> dict:
    return form() | {
        "case": case(1, state=State.RETURNED, reason=RETURNED_WHY),
        "panels": panels(True),
        "wrongs": WRONGS,
        "withdraw_url": "/_samples/withdraw/",
    }


def confirm() -> dict:
    return COMMON | {
        "case": case(1),
        "saved": True,
        "token": "0193",
        "panels": [
            (
                "c1",
                "职工身份",
                [("身份证号码", "420106199203150037"), ("姓名", "李志明"), ("手机号码", "13800000000")],
                "/_samples/form/",
            ),
            (
                "c2",
                "用工、工资与险种",
                [
                    ("用工起始日期", "2026-11-02"),
                    ("月申报工资", "5,860.00 元"),
                    ("参保险种", "养老、医疗、失业、工伤"),
                ],
                "/_samples/form/",
            ),
        ],
        "preview": {
            "lines": [
                ("每月应缴", Decimal("1828.32"), Decimal("651.60"), Decimal("2479.92")),
                ("补缴 1 个月", Decimal("1828.32"), Decimal("651.60"), Decimal("2479.92")),
            ],
            "total": ("首次合计", Decimal("3656.64"), Decimal("1303.20"), Decimal("4959.84")),
        },
        "notes": ["缴费基数 = 4,498.00 元：申报工资低于下限，按下限计算"],
        "flags": ["超过用工之日起 30 日，将记为逾期登记"],
        "papers": [
            {
                "name": "劳动合同",
                "must": False,
                "note": "也可以带到窗口",
                "paper": None,
                "field": "paper0",
                "id": "id_paper0",
            },
            {
                "name": "相片",
                "must": True,
                "note": "",
                "paper": Some(filename="李志明.jpg", size=31000),
                "field": "paper1",
                "remove_url": "/",
            },
        ],
        "afterwards": [
            ("clock", "系统校验一般几秒钟"),
            ("calendar-event", "普通单位：11 月 20 日前带材料到窗口审核"),
            ("arrow-back-up", "审核不通过会回到待办，并写明原因"),
        ],
    }


def confirm_many() -> dict:
    return confirm() | {
        "panels": [],
        "heads": ["姓名", "身份证号码", "用工起始日期", "月申报工资（元）"],
        "rows": [["胡*军", "4201**********0015", "2026-11-02", "5,200.00"]] * 10,
        "total": 2966,
        "skipped": 34,
        "flags": [],
        "papers": [],
    }


def withdraw() -> dict:
    return COMMON | {"case": case(1), "back_url": "/_samples/form/"}


def status() -> dict:
    return COMMON | {
        "case": case(9, state=State.SUBMITTED),
        "look": {
            "tone": "wait",
            "icon": "calendar-event",
            "title": "待窗口审核",
            "sentences": ["系统校验已通过。请在 2026 年 11 月 20 日前，带材料到辖区社会保险经办机构审核。"],
            "actions": [("打印增员表", "/", "printer")],
        },
        "moves": [
            {"title": "录入信息", "at": NOON, "note": "经办人 张敏 录入", "state": "done"},
            {"title": "保存", "at": NOON, "note": "进入待办任务列表", "state": "done"},
            {"title": "提交审批", "at": NOON, "note": "系统校验通过", "state": "done"},
            {"title": "窗口审核", "at": "等待中", "note": "普通单位增减员需窗口核对材料", "state": "current"},
            {"title": "结束", "at": "", "note": "", "state": "todo"},
        ],
        "facts": [
            ("业务顺序号", "42010020261112000009"),
            ("业务名称", "增员（续保）"),
            ("提交时间", "2026-11-12 10:25"),
        ],
        "bring": ["企业参保人员增员表", "劳动合同", "身份证复印件"],
        "printouts": [("增员表（PDF）", "/")],
    }


def status_returned() -> dict:
    return status() | {
        "case": case(9, state=State.RETURNED, about="胡*军等 12 人", total=12),
        "look": {
            "tone": "bad",
            "icon": "arrow-back-up",
            "title": "被回退",
            "sentences": ["11 人已通过，1 人被回退。请照回退原因修改后再提交。"],
            "actions": [("修改被回退的行", "/_samples/form/", "pencil")],
        },
        "returned": [("汪*霞 4201**********0241", 5, ["劳动合同起始日期与申报不一致，请核对后重新提交"], ())],
        "fix_url": "/_samples/form/",
        "heads": ["姓名", "身份证号码"],
        "rows": [
            {"cells": person("胡*军", "4201**********0015"), "state": "approved", "reason": ""},
            {"cells": person("汪*霞", "4201**********0241"), "state": "returned", "reason": "合同日期不一致"},
        ],
        "said": "第 1–2 行，共 12 行",
        "next": "2",
        "results_url": "/",
    }


def upload(stage="done", read=12, total=12, **more) -> Some:
    return Some(
        filename="11 月新进人员.xlsx",
        stage=stage,
        lines_read=read,
        lines_total=total,
        percent=33 * read // max(total, 1),
        created_at=NOON,
        **more,
    )


BATCH = COMMON | {
    "case": case(2, about="胡*军等 12 人", total=12),
    "single_url": "/_samples/form/",
    "template_url": "/",
    "most_rows": "50,000",
    "most_megabytes": 10,
    "wrongs": [],
    "confirm_url": "/_samples/confirm-many/",
}


def batch() -> dict:
    good = [("胡*军", "5,200.00"), ("董*", "6,000.00"), ("汪*霞", "4,800.00"), ("程*", "7,350.00")]
    return BATCH | {
        "upload": upload(),
        "roster": {
            "good": 10,
            "bad": 2,
            "failures_url": "/",
            "remove_url": "/",
            "failed": [
                {
                    "number": 5,
                    "spot": "第 5 行",
                    "who": "胡*",
                    "id": "4201**********4417",
                    "problems": [("D5", "月申报工资", "伍仟", "请填数字，例如 5000", ())],
                },
                {
                    "number": 9,
                    "spot": "第 9 行",
                    "who": "谢*红",
                    "id": "",
                    "problems": [
                        ("A9", "身份证号码", "42010619880101202", "少 1 位，请按身份证补齐 18 位", ()),
                        (
                            "C9",
                            "用工起始日期",
                            "11月初",
                            "请写成年-月-日，例如 2026-11-02",
                            [("暂停缴费", "/")],
                        ),
                    ],
                },
            ],
            "failed_said": "第 1–2 行，共 2 行",
            "heads": ["姓名", "身份证号码", "用工起始日期", "月申报工资（元）"],
            "money": [3],
            "rows": [
                {
                    "number": n + 1,
                    "spot": f"第 {n + 1} 行",
                    "cells": [
                        *person(who, "4201**********0015"),
                        ("用工起始日期", "2026-11-02"),
                        ("月申报工资（元）", wage),
                    ],
                }
                for n, (who, wage) in enumerate(good, 1)
            ],
            "said": "第 1–4 行，共 10 行",
            "next": "4",
        },
    }


def batch_first() -> dict:
    return BATCH | {"case": None, "token": "0194", "upload": None, "withdraw_url": ""}


def batch_reading() -> dict:
    return BATCH | {
        "upload": upload("reading", 1800, 3000),
        "roster": {"reading": True, "poll": "/_samples/batch-reading/", "stop_url": "/", "good": 0, "bad": 0},
    }


def batch_refused() -> dict:
    return BATCH | {
        "upload": upload("refused", 0, 0, faults=["缺少“姓名”列，请使用下载的模板，不要改动表头"]),
        "roster": {"good": 0, "bad": 0},
        "wrongs": [("id_file", "名单文件", "只能上传 xlsx 或 xls 文件")],
    }


def pick() -> dict:
    people = [
        ("周芳", "4201**********1027", ""),
        ("孙立", "4201**********3313", "有欠费，须先补缴"),
        ("罗文", "4201**********0218", ""),
    ]
    return COMMON | {
        "service": PAUSE,
        "case": None,
        "token": "0195",
        "batch_url": "/_samples/batch/",
        "offers": Offers(
            ("姓名", "身份证号码", "申报工资（元）", "本段参保起"),
            tuple(Offer(n, (who, n, "5,860.00", "2023-04"), {}, why) for who, n, why in people),
            after="9",
        ),
        "chosen": ["4201**********1027", "x"],
        "kept": ["x"],
        "said": "第 1–3 人",
        "panels": [
            Section(
                "暂停原因",
                [
                    Field(
                        name="reason",
                        label="暂停原因",
                        kind="select",
                        choices=[("", "请选择"), ("resigned", "辞职/辞退"), ("retired", "退休")],
                        hint="全部险种一并暂停，从下月起不再缴费",
                    )
                ],
                "对勾选的人一并适用",
            )
        ],
        "materials": ["企业参保人员减员表", "解除或终止劳动关系的证明"],
    }


def queue() -> dict:
    def waiting(number, tone, icon, due, total=1, current=False):
        one = case(number, state=State.SUBMITTED, total=total, flagged=1 if total > 5 else 0)
        return {
            "case": one,
            "url": "/_samples/case/",
            "tone": tone,
            "icon": icon,
            "due": due,
            "current": current,
        }

    return {
        "acting": OFFICER,
        "total": 46,
        "chips": [
            ("全部", "/", 46, True),
            ("增员", "/", 21, False),
            ("暂停缴费", "/", 12, False),
            ("超时", "/", 4, False),
        ],
        "queue": [
            waiting(92, "bad", "alert-circle", "超时 1 天", 138),
            waiting(318, "warn", "clock", "今天到期", 12, current=True),
            waiting(254, "info", "clock", "还有 2 天"),
            waiting(201, "info", "clock", "还有 2 天", 6),
        ],
        "said": "第 1–4 件，共 46 件",
        "next": "4",
    }


def review_case() -> dict:
    people = [
        ("胡*军", "5,200.00", []),
        ("董*", "6,000.00", []),
        ("汪*霞", "4,800.00", ["超过用工之日起 30 日，将记为逾期登记"]),
        ("程*", "7,350.00", []),
    ]
    return queue() | {
        "detail": {
            "case": case(318, state=State.SUBMITTED, total=12),
            "url": "/_samples/case/",
            "back_url": "/_samples/queue/",
            "grade_words": "普通单位",
            "standing": [("提交时间", "2026-11-12 10:25"), ("承诺办结", "2026-11-13")],
            "asked": ["企业参保人员增员表", "劳动合同"],
            "papers": [("劳动合同.pdf", "/")],
            "heads": ["姓名", "身份证号码", "月申报工资（元）"],
            "money": [2],
            "rows": [
                {
                    "number": n,
                    "cells": [
                        ("姓名", who),
                        ("身份证号码", "4201**********0015"),
                        ("月申报工资（元）", wage),
                    ],
                    "flags": flags,
                    "papers": [("合同", "/")],
                    "state": "submitted",
                    "returning": bool(flags),
                }
                for n, (who, wage, flags) in enumerate(people, 1)
            ],
            "waiting": 12,
            "hides": True,
            "full": False,
            "said": "第 1–4 人，共 12 人",
            "next": "4",
            "may": True,
            "reason": "",
            "moves": status()["moves"],
        },
    }


def review_wrong() -> dict:
    context = review_case()
    context["detail"]["wrongs"] = [("id_reason", "不通过原因", "请填写回退原因，申请人会看到")]
    return context


def ledger_desk() -> dict:
    return {
        "acting": Acting(
            4, "高源", "agency", None, "武汉市社会保险经办机构", frozenset({"ledger"}), "420100"
        ),
        "month": Month(2026, 11),
        "months": [("2026-11", "2026 年 11 月"), ("2026-10", "2026 年 10 月")],
        "facts": [
            ("本月应缴", Decimal("18432176.40"), "17,204 人"),
            ("已到账", Decimal("9120044.10"), ""),
            ("欠费", Decimal("731208.55"), "过了缴款日的"),
            ("暂挂", Decimal("4959.84"), "3 笔"),
        ],
        "run": {"state": "done", "started": NOON, "people": 17204, "lines": 103220, "seconds": "7.4"},
        "run_url": "/",
        "receipts_url": "/",
        "files": [
            {
                "name": "receipts-20261112.csv",
                "at": NOON,
                "lines": 212,
                "matched": 209,
                "suspense": 3,
                "url": "/",
            }
        ],
        "schemes": [
            (
                "基本养老保险",
                17204,
                Decimal("9880000.00"),
                Decimal("4940000.00"),
                Decimal("14820000.00"),
                "+1.2%",
            ),
            ("失业保险", 17001, Decimal("310000.00"), Decimal("132000.00"), Decimal("442000.00"), "+0.9%"),
        ],
        "suspense": [
            {
                "receipt_number": "B20261112-0031",
                "slip_number": "8801202611000042",
                "amount": Decimal("2479.92"),
                "paid_on": date(2026, 11, 12),
                "why": "金额与缴费单不同：应为 2,497.92 元",
            }
        ],
        "checks": [("应缴 = 已缴 + 欠费 + 注销，按基金和月份", True, 0), ("每笔到账只分配一次", False, 2)],
        "checked_at": NOON,
    }


PAGES = {
    "bench": ("filing/bench.html", bench),
    "bench-empty": ("filing/bench.html", empty_bench),
    "form": ("filing/form.html", form),
    "form-wrong": ("filing/form.html", form_wrong),
    "confirm": ("filing/confirm.html", confirm),
    "confirm-many": ("filing/confirm.html", confirm_many),
    "withdraw": ("filing/withdraw.html", withdraw),
    "status": ("filing/status.html", status),
    "status-returned": ("filing/status.html", status_returned),
    "batch": ("filing/batch.html", batch),
    "batch-first": ("filing/batch.html", batch_first),
    "batch-reading": ("filing/batch.html", batch_reading),
    "batch-refused": ("filing/batch.html", batch_refused),
    "pick": ("filing/pick.html", pick),
    "queue": ("review/queue.html", queue),
    "case": ("review/case.html", review_case),
    "case-wrong": ("review/case.html", review_wrong),
    "ledger": ("ledger/desk.html", ledger_desk),
}
