"""Ordering an export, looking at it, stopping it, taking the file."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from shebao import audit
from shebao.exports import sources
from shebao.exports.models import Export
from shebao.foundation import clock, masks, sql
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting

MOST_UNDER_WAY, MOST_A_DAY = 3, 40
_SQL = sql.queries("shebao.exports", "exports.sql")


@transaction.atomic
def order(code: str, filters: Mapping[str, str], *, by: Acting) -> Export:
    """Ask for a list as a workbook; a worker writes it. What is being written already isn't ordered twice.

    LookupError when this kind of party has no such list. Unsettled, with the sentence to show, when too many
    are under way.
    """
    found = sources.source(code)
    if by.party_id is None or by.kind not in found.kinds:
        raise LookupError(f"{code} is no list of {by.kind}")
    sql.run(_SQL["hold_party"], {"kind": by.kind, "party_id": by.party_id}).close()
    wanted = {name: filters[name][:40] for name in found.filters if filters.get(name)}
    mine = of(by)
    under_way = mine.filter(finished_at=None)
    if already := under_way.filter(source=code, filters=wanted).first():
        return already
    if under_way.count() >= MOST_UNDER_WAY:
        raise Unsettled(_("已有 %(count)s 份导出正在生成，请等它们完成或先停止") % {"count": MOST_UNDER_WAY})
    if mine.filter(created_at__gte=clock.now() - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Unsettled(
            _("一天最多导出 %(count)s 次，请明天再试，或使用已经生成的文件") % {"count": MOST_A_DAY}
        )
    export = Export.objects.create(
        party_kind=by.kind,
        party_id=by.party_id,
        source=code,
        filters=wanted,
        subtitle=found.said(wanted)[:200],
        by=by.account_id,
        by_name=by.account_name,
    )
    # Who was searched for stays out of the journal.
    said = wanted | ({"q": masks.id_number(wanted["q"])} if "q" in wanted else {})
    audit.record("export.ordered", export.ref, by=by, details={"source": code, "filters": said})
    app.configure_task("shebao.exports.tasks.write").defer(export_id=export.pk)
    return export


def of(by: Acting) -> QuerySet[Export]:
    """The exports of the party that somebody acts for, newest first; others' don't exist for him."""
    found = Export.objects.filter(party_kind=by.kind, party_id=by.party_id)
    return found.defer("people", "seen_by").order_by("-id")


@transaction.atomic
def stop(export: Export, *, by: Acting) -> None:
    """Stop one that is being written; the writer notices at its next step. One that is finished stays."""
    stopped = Export.objects.filter(pk=export.pk, finished_at=None).update(
        state=Export.State.STOPPED, finished_at=clock.now()
    )
    if stopped:
        audit.record("export.stopped", export.ref, by=by)


@transaction.atomic
def take(export: Export, *, by: Acting):
    """The file of a finished export, opened. Unsettled when there is none (any more).

    Each download leaves a line; the first of each account also one with everybody who stands in the file.
    """
    held = Export.objects.select_for_update().get(pk=export.pk)
    if held.state != Export.State.DONE:
        raise Unsettled(_("这份文件现在不能下载：%(state)s") % {"state": held.get_state_display()})
    found = sources.source(held.source)
    audit.record(
        "export.downloaded", held.ref, by=by, details={"source": held.source, "rows": held.rows_done}
    )
    if by.account_id not in held.seen_by:
        if found.looks:
            audit.looked_many(by=by, person_ids=held.people, what=found.looks, about=by.party_ref)
        held.seen_by = [*held.seen_by, by.account_id]
        held.save(update_fields=["seen_by"])
    return held.file.open("rb")
