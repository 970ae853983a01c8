"""What the agency hands out on paper: the password slip, the registration certificate, the slip of an appointment."""

from collections.abc import Sequence
from datetime import date

from shebao.identity.password_slips import Slip
from shebao.statements import prints
from shebao.statements.prints import Head, Sheet, Stamp


def password_slip(slip: Slip) -> bytes:
    """密码条: fold and seal. The password stands here and nowhere else."""
    whose = [("单位名称", slip.party), ("经办人", slip.owner)] if slip.party else [("姓名", slip.owner)]
    anew = "到辖区社保处或由单位管理员" if slip.party else "带身份证到社保处"
    return prints.pdf(
        Sheet(
            title="网上办事密码条",
            subtitle="请当面核对后封存，首次登录须修改密码",
            facts=[*whose, ("生成日期", slip.made_on)],
            heads=[Head("项目", width=30), Head("内容", prints.Kind.CODE, width=70)],
            lines=[("用户名", slip.username), ("初始密码", slip.password)],
            size=15,
            notes=[
                "密码中的短横“-”也要输入，区分大小写。",
                f"初始密码只在本条上出现，系统不保存明文；遗失请{anew}重新生成，旧密码随即失效。",
                "不要用微信、QQ、电子邮件转发本条；经办人员不会向您询问密码。",
            ],
            number=slip.number,
        )
    )


def certificate(
    *, number: str, issued_on: date, facts: Sequence[tuple[str, str]], schemes: Sequence[str], issuer: str
) -> bytes:
    """社会保险登记证, as it can be printed at any time while it is valid."""
    return prints.pdf(
        Sheet(
            title="社会保险登记证",
            subtitle=f"证号 {number}",
            heads=[Head("登记事项", width=30), Head("内容", width=85)],
            lines=[*facts, ("参加险种", "、".join(schemes)), ("发证日期", f"{issued_on:%Y-%m-%d}")],
            size=11,
            notes=[
                "登记事项变更的，应当自变更之日起三十日内办理变更登记。",
                "本证应当按规定验证；遗失的应当申请补证。",
            ],
            stamps=[Stamp(f"发证机构：{issuer}（盖章）")],
            number=number,
        )
    )


def appointment_slip(number: str, facts: Sequence[tuple[str, str]], bring: Sequence[str]) -> bytes:
    """预约单: where and when, what to bring, and the number large, with a QR code for the scanner at the counter."""
    return prints.pdf(
        Sheet(
            title="业务预约单",
            subtitle=f"预约号 {number}",
            heads=[Head("项目", width=22), Head("内容", width=93)],
            lines=[
                ("预约号", number),
                *facts,
                *(
                    ("要带的材料" if place == 1 else "", f"{place}．{one}")
                    for place, one in enumerate(bring, 1)
                ),
            ],
            size=13,
            code=number,
            notes=[
                "到窗口出示本单或手机上的预约单，报预约号也可以。",
                "来不了的，请在开始之前上网改约或取消，把时间让给别人；没有到又没有取消的，登记为“未到”。",
            ],
            number=number,
        )
    )
