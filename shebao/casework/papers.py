"""Materials (材料): papers handed in with a case or with one of its rows; checked by content, not by name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from shebao import audit
from shebao.casework import states
from shebao.casework.models import OPEN_ROWS, Awaits, Case, Material, Row
from shebao.casework.service import Material as Asked
from shebao.foundation import clock, filetypes, ids
from shebao.foundation.unsettled import Unsettled
from shebao.foundation.writing import packed
from shebao.identity.acting import Acting


@transaction.atomic
def attach(case: Case, name: str, file: UploadedFile, *, by: Acting, row: Row | None = None) -> Material:
    """Keep a paper with an open case. Unsettled says what is wrong with the file."""
    states.lock_open(case)
    asked = _asked(case, name, of_row=row is not None)
    paper = _paper(case, asked, row, file, look(asked, file), by)
    paper.save()
    audit.record("case.material-added", case.ref, by=by, details={"name": name, "sha256": paper.sha256})
    return paper


@transaction.atomic
def attach_many(
    case: Case, name: str, files: Sequence[tuple[Row | None, UploadedFile]], *, by: Acting
) -> list[tuple[str, str]]:
    """Keep a paper of this name with each of these rows, or (None) with the whole case, in place of the one that lay
    there; the same one again stays where it is.

    Answers with the files that aren't taken: (file name, what is wrong with it).
    """
    states.lock_open(case)
    asked = _asked(case, name, of_row=any(row for row, _file in files))
    lying = list(of(case).filter(name=name))
    here = {(paper.row_id, paper.sha256) for paper in lying}
    taken, refused = {}, []
    for row, file in files:
        place = row.pk if row else None
        try:
            sound = look(asked, file)
        except Unsettled as wrong:
            refused.append((file.name, wrong.sentence))
            continue
        if (place, sound.sha256) not in here:
            taken[place] = _paper(case, asked, row, file, sound, by)
    replaced = [paper.pk for paper in lying if paper.row_id in taken]
    Material.objects.filter(pk__in=replaced).update(removed_at=clock.now())
    Material.objects.bulk_create(taken.values())
    if taken:
        prints = [paper.sha256 for paper in taken.values()]
        audit.record("case.materials-added", case.ref, by=by, details={"name": name, "sha256": prints})
    return refused


def rows_named(
    case: Case, files: Sequence[UploadedFile]
) -> tuple[list[tuple[Row, UploadedFile]], list[tuple[str, str]]]:
    """The row that each file is for: the file is named by the number of the row's person, e.g. 4201….jpg.

    Also the files that are for none: (file name, why).
    """
    stems = {file: packed(file.name.rpartition(".")[0]).upper() for file in files}
    found = Row.objects.filter(case=case, state__in=OPEN_ROWS, key__in=stems.values()).order_by("-number")
    by_key = {row.key: row for row in found}
    named = [(by_key[stem], file) for file, stem in stems.items() if stem in by_key]
    why = _("名单里没有这个号码；请把文件名改成本人的身份证号码，例如 420102199202299993.jpg")
    return named, [(file.name, why) for file, stem in stems.items() if stem not in by_key]


def asked_of_rows(case: Case) -> list[Asked]:
    """The papers that some rows must come with, so that they have to be handed in row by row."""
    return [one for one in case.service.materials_of(case.grade) if one.per_row and one.must_be_uploaded]


@dataclass(frozen=True)
class Sound:
    """A file that may be kept: its content, what it is by its content, and whether a scanner has seen it."""

    content: bytes
    kind: str
    scanned: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def look(asked: Asked, file: File) -> Sound:
    """Whether a file is what this paper must be. Unsettled says what is wrong with it."""
    content = _content(file, asked)
    kind = filetypes.kind_of(content, asked.kinds)
    if not kind:
        raise Unsettled(filetypes.only(asked.name, asked.kinds, file.name, content))
    if asked.inspect and (wrong := asked.inspect(content)):
        raise Unsettled(wrong)
    return Sound(content, kind, filetypes.scan(content))


def _paper(
    case: Case, asked: Asked, row: Row | None, file: UploadedFile, sound: Sound, by: Acting
) -> Material:
    """The file as a paper that isn't saved yet."""
    paper = Material(
        case=case,
        row=row,
        name=asked.name,
        filename=file.name[-200:],
        kind=sound.kind,
        size=len(sound.content),
        sha256=sound.sha256,
        scan=Material.Verdict.CLEAN if sound.scanned else Material.Verdict.UNSCANNED,
        by=by.account_id or 0,
    )
    paper.file.save(f"cases/{case.number}/{ids.uuid7()}.{paper.kind}", ContentFile(sound.content), save=False)
    return paper


@transaction.atomic
def remove(paper: Material, *, by: Acting) -> None:
    """Take a paper out of an open case. The file stays, out of sight."""
    states.lock_open(paper.case)
    paper.removed_at = clock.now()
    paper.save(update_fields=["removed_at"])
    audit.record("case.material-removed", paper.case.ref, by=by, details={"name": paper.name})


def of(case: Case) -> QuerySet[Material]:
    """What lies with the case."""
    return Material.objects.filter(case=case, removed_at=None).select_related("row").order_by("id")


def missing(case: Case) -> list[str]:
    """The papers of the whole case that must be uploaded and aren't."""
    here = set(of(case).filter(row=None).values_list("name", flat=True))
    asked = case.service.materials_of(case.grade)
    return [one.name for one in asked if one.must_be_uploaded and not one.per_row and one.name not in here]


def to_bring(case: Case) -> list[str]:
    """The papers that may come over the counter and don't lie with it yet; one for each row: with each row."""
    return to_bring_with([case])[case]


def to_bring_with(cases: Iterable[Case]) -> dict[Case, list[str]]:
    """What `to_bring` says of each of these cases, in one query."""
    asked = {case: [one for one in case.service.materials_of(case.grade) if one.brought] for case in cases}
    some = [case.pk for case, papers in asked.items() if papers]
    lying = Material.objects.filter(case__in=some, removed_at=None).order_by().values_list("case_id", "name")
    # One that lies with the whole case lies with no row, and counts 0.
    here = {(case, name): rows for case, name, rows in lying.annotate(rows=Count("row", distinct=True))}
    return {
        case: [
            one.name
            for one in papers
            if here.get((case.pk, one.name), -1) < (case.good if one.per_row else 0)
        ]
        for case, papers in asked.items()
    }


AWAITED = Q(awaits=Awaits.OFFICER, lacks_papers=True)
"""The cases of which `awaited` is true, as a condition of a query."""


def awaited(case: Case) -> bool:
    """Whether somebody has to come to the counter with papers."""
    return case.awaits == Awaits.OFFICER and case.lacks_papers


def brought_by(case: Case) -> date | None:
    """The day by which the papers of a case must be at the counter, if one is set."""
    window = case.service.opens(case.filed_on) if case.service.opens else None
    return window.papers_by if window else None


def by_row(case: Case) -> set[tuple[int, str]]:
    """(row id, name) of the papers that lie with single rows."""
    return set(of(case).exclude(row=None).order_by().values_list("row_id", "name"))


def stored(case: Case, name: str) -> dict[int, str]:
    """Row number → where the newest file of this name lies that was handed in with the row."""
    found = of(case).filter(name=name).exclude(row=None).order_by("id")
    return dict(found.values_list("row__number", "file"))


def _asked(case: Case, name: str, *, of_row: bool) -> Asked:
    for asked in case.service.materials_of(case.grade):
        if asked.name == name and asked.per_row == of_row:
            return asked
    raise Unsettled(_("本业务不需要这项材料"))


def _content(file: File, asked: Asked) -> bytes:
    if file.size > asked.most_bytes:
        words = {"name": asked.name, "most": asked.most_bytes // 1_000_000}
        raise Unsettled(_("%(name)s的文件超过 %(most)s MB；请降低扫描或照片的清晰度，或压缩后再上传") % words)
    content = file.read()
    if not content:
        raise Unsettled(_("%(name)s的文件是空的（0 字节），请重新选择或重新扫描") % {"name": asked.name})
    return content
