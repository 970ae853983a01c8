"""The words of every message, by code. Facts stand as %(name)s; a message names no full number and no amount
that a mail box should not hold: e-mail carries the title alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Wording:
    """Title and body of a message in the reader's language; `where` is what its e-mail says of where to read it."""

    title: Promise
    body: Promise
    mailed: bool = True
    where: Promise = _("详情请登录%(hall)s，在“消息”里查看")

    def fill(self, facts: Mapping[str, str]) -> tuple[str, str]:
        """Title and body with the facts. KeyError names a fact that is missing."""
        return str(self.title) % facts, str(self.body) % facts


_BY_CODE = _("详情请打开%(hall)s，在“单位参保登记”的“查进度”里，用业务顺序号和查询码查看")

WORDINGS: dict[str, Wording] = {
    "account-registered": Wording(
        _("您已注册网上办事账户"),
        _("您的网上办事账户已于 %(day)s 注册。如果不是您本人办理，请立即拨打 12333。"),
    ),
    "password-changed": Wording(
        _("您的登录密码已修改"),
        _("您的登录密码已于 %(day)s 修改，其他设备上的登录已经退出。如果不是您本人办理，请立即拨打 12333。"),
    ),
    "payment-due": Wording(
        _("%(month)s 月的费款快到缴款期限"),
        _("%(month)s 月的账单 %(amount)s 元还没有缴清，请在 %(day)s 前生成缴费单并缴款，逾期将按日加收滞纳金。"),
    ),
    "slip-due": Wording(
        _("有一张缴费单快到缴款日"),
        _("缴费单 %(number)s 总额 %(amount)s 元还没有到账，请在 %(day)s 前按总额一次缴清。"),
    ),
    "papers-due": Wording(
        _("请带材料到经办机构审核"),
        _("本单位有 %(cases)s 件业务等待窗口审核，请在 %(day)s 前带材料到辖区社会保险经办机构。"),
    ),
    "verification-due": Wording(
        _("请办理社会保险登记验证"),
        _("本单位的社会保险登记应在 %(day)s 前验证，请在“单位登记”里办理。"),
    ),
    "trusted-granted": Wording(
        _("本单位已成为 VIP 单位"),
        _("经评估，本单位已成为 VIP 单位，从现在起多数业务由系统自动审核，材料由单位留存备查。"),
    ),
    "trusted-taken-away": Wording(
        _("本单位已改为普通单位"),
        _("本单位不再是 VIP 单位，原因：%(reason)s。从现在起业务由经办人员审核；符合条件后可以再次申请。"),
    ),
    "employer-suspended": Wording(
        _("本单位的网上办理已停用"),
        _("本单位的网上办理已停用，原因：%(reason)s。请带营业执照到辖区社保处办理。"),
    ),
    "employer-resumed": Wording(
        _("本单位的网上办理已恢复"),
        _("本单位的网上办理已恢复，原来的用户名和密码可以继续使用。"),
    ),
    "password-reissued": Wording(
        _("您的账户领取了新的初始密码"),
        _("您的账户于 %(day)s 生成了密码条，原来的密码已经失效。如果不是您或本单位管理员办理，请立即拨打 12333。"),
    ),
    "new-device": Wording(
        _("您的账户在一台新设备上登录"),
        _("您的账户于 %(day)s 在一台以前没有登录过的设备上登录。如果不是您本人，请立即修改密码。"),
    ),
    "case-submitted": Wording(
        _("“%(service)s”已提交"),
        _("您提交的“%(service)s”（业务顺序号 %(number)s）已收到，可以在“已办任务”里查看进度。"),
        mailed=False,
    ),
    "case-approved": Wording(
        _("“%(service)s”已办结"),
        _("您申请的“%(service)s”（业务顺序号 %(number)s）已办结。"),
    ),
    "case-returned": Wording(
        _("“%(service)s”被回退，需要您修改"),
        _("您申请的“%(service)s”（业务顺序号 %(number)s）被回退，原因：%(reason)s。请在“待办任务”里修改后重新提交。"),
    ),
    "case-rows-returned": Wording(
        _("“%(service)s”有 %(rows)s被回退"),
        _("您申请的“%(service)s”（业务顺序号 %(number)s）中有 %(rows)s被回退，其余已办结。请在“待办任务”里看原因。"),
    ),
    # Of those who apply without an account: they have no inbox, so the title says what happened and what to do.
    "application-submitted": Wording(
        _("“%(service)s”申请已收到，请保管好查询码"),
        _("您提交的“%(service)s”申请（业务顺序号 %(number)s）已收到，%(due)s 前审核；进度在“查进度”里看。"),
        where=_BY_CODE,
    ),
    "application-approved": Wording(
        _("“%(service)s”申请已通过，请领取密码条"),
        _("您的“%(service)s”申请（业务顺序号 %(number)s）已通过。请在“查进度”里领取密码条，然后登录、修改初始密码。"),
        where=_BY_CODE,
    ),
    "application-returned": Wording(
        _("“%(service)s”申请被退回，请修改后重新提交"),
        _("您的“%(service)s”申请（业务顺序号 %(number)s）被退回，原因：%(reason)s。请在“查进度”里修改后重新提交。"),
        where=_BY_CODE,
    ),
    "application-withdrawn": Wording(
        _("“%(service)s”申请已退单，要办请重新申请"),
        _("您的“%(service)s”申请（业务顺序号 %(number)s）已按您的要求退单。要办请重新申请。"),
        where=_BY_CODE,
    ),
    "decision-unfinished": Wording(
        _("“%(service)s”的审核没有办完，请重新审核"),
        _("业务 %(number)s：%(reason)s。已处理 %(done)s，还有 %(left)s待审核；再次出错时请联系系统管理员。"),
    ),
    "case-withdrawn": Wording(
        _("“%(service)s”已退单"),
        _("您申请的“%(service)s”（业务顺序号 %(number)s）已按您的要求退单。"),
        mailed=False,
    ),
    "wages-undeclared-soon": Wording(
        _("%(year)s 年度还有 %(people)s 人没有申报工资，%(day)s 截止"),
        _("请在 %(day)s 前办理“个人工资年度申报”。到期没有申报的，依法按上月缴费基数的 %(percent)s%% 确定。"),
    ),
    "wages-undeclared": Wording(
        _("%(year)s 年度有 %(people)s 人没有申报工资，已按规定确定缴费基数"),
        _(
            "没有申报的有 %(names)s 等 %(people)s 人。他们自 %(month)s 起按 %(before)s 缴费基数的 %(percent)s%% 计缴"
            "（《社会保险法》第六十二条），已核定的月份会补差。要补报的，请在 %(until)s 前办理“个人工资年度申报”："
            "下载的模板里就是还没有申报的全部人员，填好上传，审核后按申报的工资结算。"
        ),
    ),
    "mobile-confirmed": Wording(
        _("您登记的手机号码已在窗口核对"),
        _("%(office)s于 %(day)s 核对身份证后登记了您的手机 %(mobile)s。如果不是您本人办理，请立即拨打 12333。"),
    ),
    "particulars-changed": Wording(
        _("您的个人一般信息有变更"),
        _("%(employer)s 变更了您登记的个人一般信息。如果与实际不符，请与单位核对，或拨打 12333。"),
    ),
    "bill-ready": Wording(
        _("%(month)s 月的缴费账单已生成"),
        _("%(month)s 月的缴费账单已生成，请在 %(deadline)s 前生成缴费单并缴费。"),
    ),
    "slip-made": Wording(
        _("缴费单已生成"),
        _("缴费单 %(number)s 已生成，应缴 %(amount)s 元，请在 %(deadline)s 前缴费。"),
        mailed=False,
    ),
    "slip-paid": Wording(
        _("缴费已到账"),
        _("缴费单 %(number)s 的 %(amount)s 元已于 %(day)s 到账。"),
    ),
    "late-fee-charged": Wording(
        _("逾期缴费产生滞纳金，请缴清"),
        _(
            "缴费单 %(paid)s 的款项于 %(day)s 到账，晚于缴款日 %(last_day)s。"
            "按《社会保险法》第八十六条，自次日起按日加收滞纳金，共 %(amount)s 元，由单位承担。"
            "请凭滞纳金缴费单 %(number)s 按总额一次缴清，不再增加。"
        ),
    ),
    "bases-raised": Wording(
        _("缴费标准调整，%(first)s 至 %(last)s 的差额已核定"),
        _(
            "%(figures)s。%(first)s 至 %(last)s 已按新标准重新核定：%(persons)s 人，应补差额合计 %(amount)s 元，"
            "请在 %(deadline)s 前随当月费款一并缴纳，不计滞纳金。每人每月的新旧基数和差额，见“缴费”里的“差额说明”。"
        ),
    ),
    "bases-credited": Wording(
        _("缴费标准调整，%(first)s 至 %(last)s 的差额已核定"),
        _(
            "%(figures)s。%(first)s 至 %(last)s 已按新标准重新核定：%(persons)s 人，多缴 %(amount)s 元，"
            "将在以后的缴费单里抵扣，不用办理。每人每月的新旧基数和差额，见“缴费”里的“差额说明”。"
        ),
    ),
    "statement-ready": Wording(
        _("您的电子对账单已生成"),
        _("您申请的 %(period)s 电子对账单已生成，可以下载。"),
    ),
    "statement-revoked": Wording(
        _("您的一份电子对账单已撤销"),
        _("编号 %(serial)s 的电子对账单已由经办机构撤销，原因：%(reason)s。需要时请重新开具。"),
    ),
    "api-key-issued": Wording(
        _("新签发了一个接口密钥"),
        _("%(who)s签发了接口密钥“%(name)s”，持有它的系统可以代表本单位办事。如果不是本单位的安排，请立即吊销。"),
    ),
    "api-key-revoked": Wording(
        _("吊销了一个接口密钥"),
        _("%(who)s吊销了接口密钥“%(name)s”，持有它的系统不能再代表本单位办事。"),
        mailed=False,
    ),
    "appointment-made": Wording(
        _("已预约 %(day)s %(time)s 办理“%(business)s”"),
        _("预约号 %(number)s：%(day)s %(time)s，%(office)s %(counter)s（%(address)s）。不能来时请提前改约或取消。"),
        mailed=False,
    ),
    "appointment-changed": Wording(
        _("预约已改到 %(day)s %(time)s"),
        _("预约号 %(number)s 不变：%(day)s %(time)s，%(office)s %(counter)s（%(address)s），办理“%(business)s”。"),
        mailed=False,
    ),
    "appointment-cancelled": Wording(
        _("预约已取消"),
        _("%(day)s %(time)s 在%(office)s（预约号 %(number)s）办理“%(business)s”的预约已按您的要求取消。"),
        mailed=False,
    ),
    "appointment-reminder": Wording(
        _("明天 %(time)s 有预约：“%(business)s”"),
        _("预约号 %(number)s：%(day)s %(time)s，%(office)s %(counter)s（%(address)s）。不能来时请现在改约或取消。"),
    ),
    "appointment-displaced": Wording(
        _("%(day)s %(time)s 的预约办不了，请另选时间"),
        _("很抱歉，预约号 %(number)s（%(office)s，“%(business)s”）因“%(reason)s”不能按时办理。请改约，预约号不变。"),
    ),
    "appointment-missed": Wording(
        _("%(day)s %(time)s 的预约没有到"),
        _("预约号 %(number)s（%(office)s，“%(business)s”）登记为未到。如果您来过，请在当天请窗口更正。"),
    ),
    "problem-received": Wording(
        _("问题报告已收到"),
        _("您提交的“%(category)s”问题报告 %(number)s 已收到，承诺 %(due)s 前答复。"),
        mailed=False,
    ),
    "problem-answered": Wording(
        _("问题报告有答复了"),
        _("您的“%(category)s”问题报告 %(number)s 已有答复，请在“问题报告”里查看；没有解决可以追问。"),
    ),
    "problem-late": Wording(
        _("问题报告超期，已转督办"),
        _("很抱歉，您的“%(category)s”问题报告 %(number)s 没有在 %(due)s 前答复，已转上级督办，经过在报告里可见。"),
    ),
    "problem-assigned": Wording(
        _("有问题报告转给您办理"),
        _("“%(category)s”问题报告 %(number)s 转给您办理，请在承诺日期前答复。"),
    ),
    "problem-escalated": Wording(
        _("督办：有问题报告超期未答复"),
        _("%(office)s的“%(category)s”问题报告 %(number)s 承诺 %(due)s 前答复，现已超期，请督办。"),
    ),
}  # fmt: skip


def wording(code: str) -> Wording:
    """The wording of a code. KeyError for a code that has none."""
    try:
        return WORDINGS[code]
    except KeyError:
        raise KeyError(f"no wording for the message {code}; add one to shebao/notices/wording.py") from None
