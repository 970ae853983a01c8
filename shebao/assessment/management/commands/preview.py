"""bin/shebao preview: what one person would owe in a month, as JSON."""

import json
from decimal import Decimal

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from shebao.assessment.contributions import Subject, preview
from shebao.foundation.months import Month
from shebao.foundation.unreadable import Unreadable
from shebao.foundation.unsettled import Unsettled
from shebao.foundation.values import Money
from shebao.ledger import dues
from shebao.policy import inforce, loading
from shebao.policy.models import Value
from shebao.registry.schemes import Scheme

_KINDS = {"employer": "employee", "flexible": "flexible"}


class Command(BaseCommand):
    help = "试算一个人一个月的社会保险费，输出 JSON；有参数未知时退出码为 1，并说明是哪一个"

    def add_arguments(self, parser):
        parser.add_argument("--city", default=None, help="城市代码，默认本市")
        parser.add_argument("--month", required=True, help="费款所属期，如 2025-10")
        parser.add_argument(
            "--kind", choices=_KINDS, default="employer", help="employer 单位职工，flexible 灵活就业"
        )
        parser.add_argument("--wage", help="月申报工资，元；灵活就业给出时代替档次")
        parser.add_argument("--tier", default=None, help="灵活就业的缴费档次，占平均工资的比例，默认 0.6")
        parser.add_argument(
            "--injury-class", type=int, default=1, choices=range(1, 9), help="工伤行业类别 1 至 8"
        )
        parser.add_argument(
            "--scheme", action="append", help="只算这些险种，可写多次；默认该类人员的全部险种"
        )
        parser.add_argument("--synthetic", action="store_true", help="允许使用演示用合成数据")

    def handle(self, *, city, month, kind, wage, tier, injury_class, scheme, synthetic, **options):
        declared, tier = _declared(kind, wage, tier)
        self._prepare()
        try:
            asked = Month.parse(month)
            schemes = scheme or _in_order(inforce.assessed(_KINDS[kind], on=asked, city=city))
            if not schemes:
                raise CommandError(_no_rule(_KINDS[kind], city or settings.CITY_CODE, asked))
            subjects = [Subject(name, _KINDS[kind], declared, tier, injury_class) for name in schemes]
            lines = preview(asked, subjects, city=city, synthetic=synthetic)
        except (Unsettled, Unreadable) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            json.dumps(
                {
                    "lines": [
                        {
                            "scheme": line.scheme,
                            "base": f"{line.base:.2f}",
                            "employer": f"{line.employer_part:.2f}",
                            "personal": f"{line.personal_part:.2f}",
                            "explanation": line.explanation.as_dict(),
                        }
                        for line in lines
                    ],
                    "total": {
                        "employer": f"{sum(line.employer_part for line in lines):.2f}",
                        "personal": f"{sum(line.personal_part for line in lines):.2f}",
                    },
                },
                ensure_ascii=False,
                indent=2,
            )
        )

    def _prepare(self):
        """A preview needs policies and nothing else: on a fresh demo machine they are brought in here."""
        missing = "policy_value" not in connection.introspection.table_names()
        if not missing and Value.objects.exists():
            return
        if not getattr(settings, "DEMO", False):
            raise CommandError("数据库里还没有政策参数；请先 bin/shebao migrate 和 bin/shebao policies load")
        self.stderr.write("数据库是空的，先建表并加载政策参数……")
        if missing:
            call_command("migrate", verbosity=0, interactive=False)
        loading.load(cited=dues.citations)


def _in_order(schemes: list[str]) -> list[str]:
    return [code for code in Scheme.values if code in schemes]


def _no_rule(kind: str, city: str, month: Month) -> str:
    """Which cities, or from which month on, can be asked for instead."""
    known = inforce.cities()
    if city not in known:
        offered = "、".join(f"{code} {name}" for code, name in known.items())
        return f"没有城市 {city} 的缴费规则；可用的城市：{offered}"
    since = inforce.assessed_since(kind, city=city)
    if since and month < Month.of(since):
        first = Month.of(since)
        return f"{known[city]}的缴费规则从 {first} 起，没有 {month} 的缴费规则；请改用 {first} 或以后的月份"
    return f"{known[city]} {month} 没有这类人员的缴费规则，请检查 policies/ 里该市的参数"


def _declared(kind: str, wage: str | None, tier: str | None) -> tuple[Decimal | None, Decimal | None]:
    """The wage or the tier, of which the rule needs one."""
    try:
        amount = None if wage is None else Money.read(wage)
        share = None if tier is None else Decimal(tier)
    except (Unreadable, ArithmeticError) as wrong:
        raise CommandError(f"--wage 要写成 5000 或 5000.50，--tier 要写成 0.6：{wrong}") from wrong
    if kind == "employer":
        if amount is None or amount <= 0 or share is not None:
            raise CommandError("单位职工要给出 --wage 月申报工资，大于 0；档次只用于灵活就业")
        return amount, None
    if amount is not None and share is not None:
        raise CommandError("--wage 和 --tier 只能给出一个")
    if amount is not None:
        return amount, None
    return None, Decimal("0.6") if share is None else share
