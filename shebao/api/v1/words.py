"""What the fields and parameters of the API are called, what they mean, and how they look: once for each name.

A name means the same wherever it stands; where it can't, the schema's name (or the path's first part) stands before it.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shebao.api.models import Intake
from shebao.api.v1.answers import CaseStatus
from shebao.casework.models import RowState
from shebao.ledger.models import Slip

NUMBER = "42010020261122000017"
SLIP = "420100202611000026533"
CASE = f"/api/v1/cases/{NUMBER}"
CORRECT = f"/api/v1/services/enrol-employees/cases/{NUMBER}/rows"


@dataclass(frozen=True)
class Word:
    """A title, what is worth knowing besides, and an example; None where the type has one or is a list of lines."""

    title: Promise
    meaning: Any = ""
    example: Any = None


FIELDS: dict[str, Word] = {
    "about": Word(_("办理对象"), _("姓名已遮盖；几人时写第一人和人数"), "李*明等 3 人"),
    "amount": Word(_("合计"), _("单位部分加个人部分")),
    "bad": Word(_("有问题的行数"), "", 1),
    "base": Word(_("缴费基数"), _("还没有核定的月份是 null")),
    "basis": Word(_("办理依据"), "", "《中华人民共和国社会保险法》第五十八条"),
    "bills": Word(_("各月账单"), _("新的在前")),
    "bring": Word(_("要带的材料"), _("等待窗口审核时，请带到辖区社保处"), ["劳动合同"]),
    "brought": Word(_("可以带到窗口"), _("不上传的，等待窗口审核时带去"), True),
    "case": Word(_("业务的地址"), _("在这里查询办到哪里了"), CASE),
    "Problem.case": Word(_("业务的地址"), _("问题与哪一笔业务有关；无关的没有这一项"), CASE),
    "cases": Word(_("业务"), _("新的在前")),
    "client_reference": Word(_("客户端编号"), _("您的系统里这笔业务的编号"), "2026-11/hires/0042"),
    "closed_at": Word(_("办结时间"), _("没有办结的是 null")),
    "SlipLine.closed_at": Word(_("了结时间"), _("到账或退回的时间；还没有的是 null")),
    "closes_on": Word(_("受理截止日期"), _("本期最后一天；本期已结束的、没有公布的、常年受理的是 null"), "2026-11-30"),
    "code": Word(_("业务代码"), _("办理和检查的地址里写它"), "enrol-employees"),
    "Problem.code": Word(_("问题代码"), _("程序看这一项；含义不会改变"), "invalid"),
    "correct_url": Word(_("修改各行的地址"), _("不能修改的是 null"), CORRECT),
    "created_at": Word(_("收件时间")),
    "declared_wage": Word(_("月申报工资")),
    "detail": Word(_("详细说明"), _("给人看的：怎么了，该怎么办"), "请核对编号；别的单位的业务也按没有找到回答"),
    "due": Word(_("承诺办结日期"), _("提交审批以后才有"), "2026-11-23"),
    "due_on": Word(_("缴费截止日期"), _("没有期限的是 null"), "2026-11-25"),
    "employees": Word(_("职工"), _("每段参保一行")),
    "employer": Word(_("单位名称"), "", "汉江机械厂（示例）"),
    "employer_number": Word(_("单位编号"), "", "00001002"),
    "employer_part": Word(_("单位缴纳")),
    "errors": Word(_("全部问题"), _("每处一项；没有逐项问题的回答里没有它")),
    "example_row": Word(_("一行的例子"), "", {"id_number": "420102199202299993", "name": "李小明"}),
    "expires_at": Word(_("密钥到期时间"), _("从这一刻起不能再用，请提前换新的")),
    "field": Word(_("哪一项"), _("项目的名称，与请求里的一样"), "wage"),
    "fields": Word(_("各项内容"), _("与办理时 rows 里的一行相同"), {"name": "李小明", "wage": "6500.00"}),
    "filed_by": Word(_("经办人"), _("经接口办理的，是密钥的名称"), "接口密钥“薪资系统”"),
    "filename": Word(_("文件名"), "", "420102199202299993.jpg"),
    "first_month": Word(_("起始费款所属期")),
    "flagged": Word(_("须由窗口核对的行数"), "", 0),
    "flags": Word(_("须由窗口核对的情况"), _("不妨碍提交，由经办人员核对后决定")),
    "good": Word(_("没有问题的行数"), "", 2),
    "hint": Word(_("文件的要求"), "", "彩色 JPG，358×441 像素，14 到 100 KB"),
    "hired_on": Word(_("用工起始日期"), _("没有记录的是 null"), "2026-11-02"),
    "id_number": Word(_("身份证号码"), "", "420102199202299993"),
    "instance": Word(_("请求编号"), _("求助时请报这个编号"), "request:5f2c9a1b7d30"),
    "key": Word(_("密钥编号"), _("密钥全文里 shebao_ 之后的 8 位"), "diqu7hgd"),
    "kind": Word(_("缴费单种类"), "", "monthly"),
    "kinds": Word(_("文件格式"), "", ["jpg"]),
    "label": Word(_("项目的叫法"), _("网页和模板上的名称"), "月申报工资"),
    "last_month": Word(_("截止费款所属期")),
    "late_fee": Word(_("滞纳金")),
    "lines": Word(_("每人一行")),
    "lines_url": Word(_("每人一行的地址"), "", "/api/v1/bills/2026-11/lines"),
    "SlipWhole.lines_url": Word(_("每人一行的地址"), "", f"/api/v1/slips/{SLIP}/lines"),
    "made_at": Word(_("生成时间")),
    "materials": Word(_("申请材料")),
    "month": Word(_("费款所属期")),
    "most_bytes": Word(_("文件最多多少字节"), "", 5_000_000),
    "most_rows": Word(_("一笔最多多少行"), "", 50_000),
    "name": Word(_("姓名"), "", "李小明"),
    "Me.name": Word(_("密钥名称"), _("签发时写的是给哪个系统用"), "薪资系统"),
    "next": Word(_("下一页的地址"), _("最后一页是 null"), "/api/v1/cases?limit=50&after=1042"),
    "notes": Word(_("提示"), _("值得知道，不妨碍办理")),
    "number": Word(_("业务顺序号"), "", NUMBER),
    "RowLine.number": Word(_("行号"), _("从 1 开始，与提交时的顺序相同"), 1),
    "CheckedRow.number": Word(_("行号"), _("从 1 开始，与请求里的顺序相同"), 1),
    "SlipLine.number": Word(_("缴费单号"), _("到银行或税务缴费时报这个号"), SLIP),
    "open_today": Word(_("今天是否受理"), "", True),
    "opens_on": Word(_("受理开始日期"), _("本期已结束的是下一期的；没有公布的、常年受理的是 null"), "2026-11-01"),
    "outstanding": Word(_("还没有缴的")),
    "page": Word(_("网页的地址"), _("经办人登录后，在这里查看、上传材料、修改"), f"https://hall.example/filing/case/{NUMBER}/"),
    "paid": Word(_("已到账")),
    "papers_by": Word(_("交材料的截止日期"), _("没有规定的是 null"), "2026-12-20"),
    "papers": Word(_("已交的材料")),
    "parameter": Word(_("哪个参数或请求头"), "", "limit"),
    "personal_number": Word(_("个人编号"), "", "0000001047"),
    "personal_part": Word(_("个人缴纳")),
    "papers_url": Word(_("材料的地址"), _("在这里交材料、查询交了哪些"), f"{CASE}/papers"),
    "per_row": Word(_("是不是各行分别要"), "", True),
    "persons": Word(_("人数"), "", 65),
    "pointer": Word(_("在请求内容里的位置"), _("JSON Pointer（RFC 6901）"), "#/rows/0/wage"),
    "Checked.problems": Word(_("整笔业务的问题"), _("如不在受理时间内；没有的是空列表")),
    "AskedPaper.name": Word(_("材料名称"), "", "相片"),
    "PaperLine.name": Word(_("材料名称"), "", "相片"),
    "problems": Word(_("问题"), _("有问题的行不能提交；每项写明怎么改")),
    "promised_days": Word(_("承诺办结期限"), _("提交后多少个自然日内"), 1),
    "purpose": Word(_("办什么"), "", "为新招用的职工办理参保，或为停保的职工续保"),
    "reason": Word(_("原因"), _("回退的原因，或没有提交的原因；没有的是空文字"), "合同没有盖章"),
    "received_at": Word(_("收件时间")),
    "required": Word(_("是不是必须上传"), _("没有上传的不能提交；有的只在特定情形下要，以检查结果为准"), True),
    "row": Word(_("行号"), _("从 1 开始"), 1),
    "PaperLine.row": Word(_("行号"), _("整笔业务的是 null"), 1),
    "row_schema": Word(_("一行的 JSON Schema"), _("办理和检查时 rows 里每一行的写法"), {"type": "object"}),
    "rows": Word(_("各行")),
    "Checked.rows": Word(_("有话要说的行"), _("没有问题、提示的行不列出")),
    "Prefilled.rows": Word(
        _("名单"),
        _("每行按办理时 rows 的写法，改好要改的项目就可以提交；不办的不写进去"),
        [{"id_number": "420102199202299993", "name": "李小明", "present": "6500.00", "wage": "6500.00"}],
    ),
    "Receipt.rows": Word(_("收到的行数"), "", 2),
    "rows_by_status": Word(_("各状态的行数"), "", {"approved": 2, "bad": 1}),
    "rows_url": Word(_("各行的地址"), "", f"{CASE}/rows"),
    "rule": Word(_("规则编号"), _("readable、required、unique、unknown-field 说的是写法，其余是业务规则"), "EMP-1/3"),
    "rules": Word(_("检查的规则编号"), "", ["EMP-1/3"]),
    "scheme": Word(_("险种代码"), "", "pension"),
    "schemes": Word(_("险种代码"), "", ["pension", "medical"]),
    "BillWhole.schemes": Word(_("按险种分列")),
    "scopes": Word(_("权限"), _("read 查询，file 申报业务，pay 生成和退回缴费单"), ["read", "file"]),
    "sentence": Word(_("说明"), _("可以直接显示给人看：哪里不对，怎么改"), "该职工已在本单位参保，无需增员"),
    "service": Word(_("业务代码"), "", "enrol-employees"),
    "service_title": Word(_("业务名称"), "", "增员（续保）"),
    "services": Word(_("可以办理的业务")),
    "settled": Word(_("是否缴清"), "", True),
    "sha256": Word(_("文件的 SHA-256"), "", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    "since": Word(_("本段参保起")),
    "size": Word(_("文件的字节数"), "", 20_480),
    "slip": Word(_("缴费单号"), "", SLIP),
    "slips": Word(_("缴费单"), _("新的在前")),
    "sound": Word(_("能不能提交"), "", False),
    "state": Word(_("缴费单的状态"), "", "open"),
    "state_label": Word(_("状态的叫法"), "", "待缴费"),
    "status": Word(_("状态"), _("只会是所列的几个词之一"), "approved"),
    "Problem.status": Word(_("HTTP 状态码"), "", 422),
    "status_label": Word(_("状态的叫法"), "", "结束"),
    "submitted_at": Word(_("提交审批的时间"), _("没有提交的是 null")),
    "title": Word(_("名称"), "", "增员（续保）"),
    "SchemeBill.title": Word(_("险种名称"), "", "养老保险"),
    "Problem.title": Word(_("问题的名称"), "", "填写的内容有问题"),
    "today": Word(_("大厅的今天"), _("期限按大厅的日期算（北京时间），不按您的电脑"), "2026-11-12"),
    "total": Word(_("行数"), "", 3),
    "SlipLine.total": Word(_("应缴总额"), _("单位和个人部分加滞纳金")),
    "type": Word(_("问题说明的地址"), "", "/api/#invalid"),
    "until": Word(_("本段参保止"), _("没有停保的是 null")),
    "url": Word(_("详细内容的地址"), "", CASE),
    "written_off": Word(_("已注销"), _("经核准不再收取的")),
}  # fmt: skip
PARAMETERS: dict[str, Word] = {
    "after": Word(_("从哪里往后"), _("上一页的 next 里已写好")),
    "bills.after": Word(_("从哪个月往前"), _("上一页的 next 里已写好")),
    "client_reference": Word(_("客户端编号"), "", "2026-11/hires/0042"),
    "code": FIELDS["code"],
    "Idempotency-Key": Word(
        _("幂等键"), _("由您的系统为每笔业务生成，重试时不变"), "0f0b6f0e-6f5c-4c2e-9a43-1f7a3c1d9f11"
    ),
    "if_problems": Word(_("有的行有问题时"), _("hold：整笔暂不提交；submit_rest：没有问题的行先提交")),
    "limit": Word(_("一页最多多少行")),
    "month": Word(_("费款所属期"), "", "2026-11"),
    "roster.month": Word(_("费款所属期"), _("不写即为本月"), "2026-11"),
    "number": Word(_("业务顺序号"), "", NUMBER),
    "slips.number": Word(_("缴费单号"), "", SLIP),
    "search": Word(_("查找"), _("姓名、身份证号码或个人编号"), "李小明"),
    "service": Word(_("业务代码"), "", "enrol-employees"),
    "status": Word(_("状态"), _("不写即为全部")),
}  # fmt: skip
CHOICES = {
    "CaseStatus": CaseStatus,
    "RowState": RowState,
    "IfProblems": Intake.IfProblems,
    "Kind": Slip.Kind,
    "State": Slip.State,
}
"""The closed lists of words, by the names that their schemas have."""


def of_field(schema: str, name: str) -> Word:
    return (
        FIELDS.get(f"{_FAMILY.get(schema, schema)}.{name}") or FIELDS.get(f"{schema}.{name}") or FIELDS[name]
    )


def of_parameter(path: str, name: str) -> Word:
    return PARAMETERS.get(f"{path.split('/')[1]}.{name}") or PARAMETERS[name]


_FAMILY = {"SlipWhole": "SlipLine"}
