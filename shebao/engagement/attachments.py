"""附件: papers that come with a problem report; known by their content, not by their name."""

import hashlib
from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shebao.engagement.models import Attachment, Exchange, Problem
from shebao.foundation import filetypes, ids
from shebao.foundation.unsettled import Unsettled

MOST, MOST_BYTES = 3, 5_000_000
ACCEPT = ".pdf,.jpg,.jpeg,.png"


class Unfit(Unsettled):
    """What was refused is a paper, and nothing that was said."""


def keep(exchange: Exchange, files: Sequence[UploadedFile]) -> None:
    """Keep these papers with what was said. Unsettled says what is wrong with one; then none is kept."""
    if len(files) > MOST:
        raise Unfit(_("一次最多 %(most)s 个附件") % {"most": MOST})
    for file in files:
        content = _content(file)
        kind = filetypes.kind_of(content)
        if not kind:
            raise Unfit(filetypes.only(_("附件"), ("pdf", "jpg", "png"), file.name, content))
        paper = Attachment(
            exchange=exchange,
            filename=file.name[-200:],
            kind=kind,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        place = f"problems/{exchange.problem.number}/{ids.uuid7()}.{kind}"
        paper.file.save(place, ContentFile(content), save=False)
        paper.save()


def _content(file: UploadedFile) -> bytes:
    if file.size > MOST_BYTES:
        raise Unfit(_("附件不能超过 %(most)s MB，请压缩后再上传") % {"most": MOST_BYTES // 1_000_000})
    content = file.read()
    try:
        filetypes.scan(content)
    except Unsettled as refused:
        raise Unfit(refused.sentence) from refused
    return content


def of(problem: Problem) -> QuerySet[Attachment]:
    """The papers that came with anything said about a report."""
    return Attachment.objects.filter(exchange__problem=problem)
