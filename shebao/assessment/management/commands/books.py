"""bin/books: run a month, make its slips, take receipts in, prove the books."""

import csv
import getpass
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from shebao.assessment import revisions, runs
from shebao.assessment.contributions import NoRule
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unreadable import Unreadable
from shebao.foundation.unsettled import Unsettled
from shebao.identity import acting
from shebao.ledger import invariants, receipt_lines, receipts, slips
from shebao.ledger.models import Receipt, ReceiptFile, RevisedPayer, Revision, Slip
from shebao.registry.models import Employer
from shebao.registry.schemes import Scheme

_SHOWN = 50


class Command(BaseCommand):
    """It stands here and not in ledger, because from there it could not call the run of a month."""

    help = "账务：month 月度核定；revise 追溯调整；slips 生成缴费单；receipts 到账文件入账；check 账目自查"

    def add_arguments(self, parser):
        deeds = parser.add_subparsers(dest="deed", required=True)
        month = deeds.add_parser("month", help="核定一个月：bin/books month 2026-11（重复运行只补差额）")
        month.add_argument("month", type=_month)
        slip = deeds.add_parser("slips", help="为有应缴的单位生成某月的缴费单")
        slip.add_argument("month", type=_month)
        slip.add_argument("--employer", help="只为这一个单位（单位编号），连同以前未缴的月份")
        slip.add_argument(
            "--sample", type=Path, metavar="FILE.csv", help="另写一份示例到账文件，供试用 receipts"
        )
        receipt = deeds.add_parser("receipts", help="到账文件入账：bin/books receipts FILE.csv")
        receipt.add_argument("file", type=Path)
        revise = deeds.add_parser(
            "revise", help="追溯调整：bin/books revise 2026-01，把该月以后已核定的月份改到现在的政策数值"
        )
        revise.add_argument("month", type=_month)
        check = deeds.add_parser("check", help="账目自查；有一条不成立则退出码为 1")
        check.add_argument("--since", type=_month, help="只查这个月及以后")

    def handle(self, *, deed, **options):
        self.by = acting.system(f"bin/books ({getpass.getuser()})")
        try:
            getattr(self, f"_{deed}")(**options)
        except (Unsettled, NoRule) as refused:
            raise CommandError(refused.sentence) from refused

    def _month(self, *, month: Month, **options):
        done = runs.run_month(month, by=self.by)
        self.stdout.write(
            f"{month} 已核定：新增应缴 {done.lines:,} 条" + ("" if done.lines else "（没有差额）")
        )
        for scheme in sorted(done.totals):
            total, before = done.totals[scheme], done.before.get(scheme)
            last = f"，上月 {before.amount:,.2f} 元" if before else ""
            self.stdout.write(
                f"  {Scheme(scheme).label}：{total.persons:,} 人，单位 {total.employer_part:,.2f} 元，"
                f"个人 {total.personal_part:,.2f} 元，合计 {total.amount:,.2f} 元{last}"
            )

    def _revise(self, *, month: Month, **options):
        revision = revisions.carry_out((revisions.under_way() or revisions.open_one(month, by=self.by)).id)
        if revision.problem:
            raise CommandError(revision.problem)
        if revision.state == Revision.State.RUNNING:
            raise CommandError("有月份正在核定，追溯调整还没有完成；过几分钟再运行一次，会接着做")
        told = RevisedPayer.objects.filter(revision_id=revision.id)
        self.stdout.write(
            f"{revision.first_month} 至 {revision.last_month} 追溯调整：新增差额 {revision.lines:,} 条，"
            f"通知 {told.count():,} 个缴费主体"
        )
        for figure in revision.figures:
            self.stdout.write(f"  {revisions.in_words(figure)}")

    def _slips(self, *, month: Month, employer: str | None, sample: Path | None, **options):
        if employer:
            try:
                payer = Employer.objects.get(number=employer)
            except Employer.DoesNotExist:
                raise CommandError(f"没有单位编号为 {employer} 的单位") from None
            made = [slips.make_monthly(payer.id, month, by=self.by)]
        else:
            payers = Employer.objects.order_by("id").values_list("id", flat=True)
            made = slips.make_many(payers, month, by=self.by, months=[month])
        self.stdout.write(f"{month} 生成缴费单 {len(made)} 张，共 {sum(slip.total for slip in made):,.2f} 元")
        for slip in made[:_SHOWN]:
            self.stdout.write(f"  {slip.number}  {slip.total:>16,.2f} 元  {slip.persons} 人")
        if len(made) > _SHOWN:
            self.stdout.write(f"  … 另有 {len(made) - _SHOWN} 张")
        if sample:
            self._write_sample(sample, month)

    def _write_sample(self, file: Path, month: Month):
        """What the bank would send if every open slip of the month were paid today."""
        waiting = Slip.objects.filter(state=Slip.State.OPEN, last_month=month).order_by("id")
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(receipt_lines.COLUMNS.values())
            rows = [
                (slip.number, slip.total, clock.today(), f"SAMPLE{slip.number[-15:]}") for slip in waiting
            ]
            writer.writerows(rows)
        self.stdout.write(f"示例到账文件 {file}：{len(rows)} 笔，可用 bin/books receipts {file} 入账")

    def _receipts(self, *, file: Path, **options):
        try:
            data = file.read_bytes()
        except OSError as wrong:
            raise CommandError(f"读不了文件 {file}：{wrong.strerror}") from wrong
        taken = receipts.take_in(data, file.name, by=self.by)
        found = taken.file
        if found.state == ReceiptFile.State.REFUSED:
            problems = [
                f"  第 {one['row']} 行 {one['column']}：{one['sentence']}"
                + (f"（原文：{one['written']}）" if one["written"] else "")
                for one in found.problems[:_SHOWN]
            ]
            if len(found.problems) > _SHOWN:
                problems.append(f"  … 另有 {len(found.problems) - _SHOWN} 处")
            raise CommandError(
                "\n".join([f"{file.name} 有 {len(found.problems)} 处问题，一笔也没有入账：", *problems])
            )
        self.stdout.write(
            f"{file.name}{'（这份文件已经入过账）' if taken.again else ''}：{found.rows:,} 行，匹配 {found.matched:,}，"
            f"挂账 {found.suspended:,}，重复 {found.repeated:,}，到账合计 {found.amount:,.2f} 元"
        )
        for one in receipts.suspense(file_id=found.id, limit=_SHOWN):
            reason = Receipt.State(one.state).label
            self.stdout.write(
                f"  挂账 {one.reference}：凭单号 {one.slip_number}，{one.amount:,.2f} 元，{reason}"
            )
        for one in receipts.repeated(found.id, limit=_SHOWN):
            differs = "，与首次内容不同，请向银行核对" if one.differs else ""
            self.stdout.write(f"  重复 {one.reference}：第 {one.row} 行，{one.amount:,.2f} 元{differs}")

    def _check(self, *, since: Month | None, **options):
        results = []
        for result in invariants.check(since=since):
            results.append(result)
            words = result.invariant
            self.stdout.write(
                f"{'成立' if result.holds else '不成立'}  {words.sentence}（{words.name}: {words.in_english}）"
                + f" {result.seconds:.1f} s"
            )
            if not result.holds:
                self.stdout.write(f"        {result.exceptions:,} 处不符，例如：")
                for example in result.examples:
                    cells = ", ".join(f"{name}={_plain(value)}" for name, value in example.items())
                    self.stdout.write(f"        {cells}")
        if since is None:
            invariants.remember(results, by=self.by)
        broken = sum(not result.holds for result in results)
        if broken:
            raise CommandError(f"{broken} 条不成立 / {broken} invariants are broken", returncode=1)
        self.stdout.write(
            f"{len(invariants.INVARIANTS)} 条全部成立 / all {len(invariants.INVARIANTS)} invariants hold"
        )


def _month(text: str) -> Month:
    try:
        return Month.read(text)
    except Unreadable as wrong:
        raise ArgumentTypeError(wrong.sentence) from wrong


def _plain(value: object) -> str:
    return "—" if value is None else value.isoformat() if isinstance(value, date) else str(value)
