"""bin/shebao policies: check the files in policies/, or bring the tables to what they say."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from shebao.ledger import dues
from shebao.policy import loading
from shebao.policy.faults import Faulty, unknown
from shebao.policy.files import read


class Command(BaseCommand):
    """It stands here and not in policy, because only from here can it ask the books what posted dues cite."""

    help = "policies check: 检查 policies/ 里的文件；policies load：加载；policies unknown：列出未知的参数"

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["check", "load", "unknown"])
        parser.add_argument("--synthetic", action="store_true", help="连同演示用合成数据；正式环境拒绝")
        parser.add_argument("--folder", type=Path, default=settings.POLICIES, help="默认 policies/")

    def handle(self, *, action, synthetic, folder, **options):
        getattr(self, f"_{action}")(folder, synthetic)

    def _check(self, folder, synthetic):
        problems = loading.check(folder, synthetic=synthetic)
        if problems:
            raise CommandError("\n".join([*problems, f"共 {len(problems)} 处问题"]))
        self.stdout.write("没有问题")

    def _load(self, folder, synthetic):
        try:
            done = loading.load(folder, synthetic=synthetic, cited=dues.citations)
        except Faulty as faulty:
            raise CommandError("\n".join([*faulty.problems, "没有加载，没有任何变动"])) from faulty
        self.stdout.write(
            f"参数：新增 {done.values_added}，修改 {done.values_changed}，删除 {done.values_removed}；"
            f"计算条款：新增 {done.terms_added}，修改 {done.terms_changed}，删除 {done.terms_removed}；"
            f"写明未知的 {done.unknown} 条" + ("；含演示用合成数据" if done.synthetic else "")
        )

    def _unknown(self, folder, synthetic):
        for entry in unknown(read(folder, synthetic=synthetic), loading.accepted_evidence()):
            until = entry.valid_until or "今后"
            self.stdout.write(f"{entry.evidence} {entry} 至 {until}：{entry.source}")
