"""The chain of seals over the audit: what stood in it can't be changed, removed or slipped in without a trace.

Deeds only add their line; a job closes the lines that waited with a hash over them and the seal before. Whoever
can write to the database could still make a whole new chain: so the head is logged at every sealing, and
`verify_chain(head)` can be asked whether a head that was kept elsewhere is still part of it.
"""

import logging
from dataclasses import dataclass

from django.db import transaction

from shebao.foundation import clock, sql

_SQL = sql.queries("shebao.audit", "chain.sql")
_LINES = {"lines": _SQL["lines"]}
_MOST_PER_SEAL = 50_000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """What the chain says of itself. `faults` are sentences for the operator; none means that it is sound."""

    seals: int
    sealed: int
    waiting: int
    head: str | None
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.faults


def seal() -> int:
    """Close all lines that wait and are committed; answers how many. Each seal is a transaction of its own."""
    closed = 0
    while True:
        with transaction.atomic():
            sql.run(_SQL["one_at_a_time"]).close()
            made = sql.rows(sql.using(_LINES, _SQL["seal"]), {"at": clock.now(), "most": _MOST_PER_SEAL})
        for one in made:
            log.info("audit seal %s over %s lines: %s", one["number"], one["events"], one["hash"])
            closed += one["events"]
        if not made or made[0]["events"] < _MOST_PER_SEAL:
            return closed


def verify_chain(head: str | None = None) -> Verdict:
    """Compute the whole chain anew. With `head`, a hash noted earlier, also whether the chain still contains it."""
    with transaction.atomic():
        sql.run(_SQL["one_at_a_time"]).close()
        broken = sql.rows(sql.using(_LINES, _SQL["broken_seals"]))
        totals = sql.rows(_SQL["totals"])[0]
        known = head is None or bool(sql.rows(_SQL["seal_with"], {"hash": head}))
    faults = [_fault(seal) for seal in broken]
    strange = totals["events"] - totals["sealed"] - totals["waiting"]
    if not broken and strange > 0:
        faults.append(f"{strange} lines are neither sealed nor waiting; they were put in past the chain")
    if not known:
        faults.append(f"no seal has the hash {head}; the chain was cut or made anew after it was noted")
    return Verdict(totals["seals"], totals["sealed"], totals["waiting"], totals["head"], tuple(faults))


def _fault(seal: dict) -> str:
    if seal["misplaced"]:
        return f"seal {seal['number']}: a seal before it is missing"
    if seal["events"] != seal["found"]:
        return f"seal {seal['number']}: closed over {seal['events']} lines, {seal['found']} are there"
    return f"seal {seal['number']}: a line of it was changed, or it does not follow the seal before"
