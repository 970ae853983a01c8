"""An employer in arrears, by the services themselves: a slip that waits, money that waits, an assessment that waits,
and a monthly slip that was paid long after its day, with the slip of its late fee.
"""

from collections.abc import Sequence

from demo.models import City
from shebao.casework import cases, review
from shebao.foundation import clock
from shebao.identity.acting import Acting, acting_as
from shebao.identity.models import Account
from shebao.ledger import arrears, claims, receipt_lines, receipts
from shebao.ledger.models import Claim, Slip


def file_all(city: City) -> None:
    """Four people of the owing employer: two on an open slip, one on a slip paid in two parts, one assessed."""
    clerk, cashier = (acting_as(Account.objects.get(username=name)) for name in ("danwei-qianfei", "zhangwu"))
    _pay_late(clerk, cashier)
    owing = arrears.of_payer(clerk.party_id, today=clock.today(), limit=4)
    if len(owing) < 4:  # a city too small to show it
        return
    _file(clerk, "pay-arrears", [owed.id_number for owed in owing])
    ready = claims.of_payer(clerk.party_id, states=[Claim.State.READY])
    numbers = [one["number"] for one in reversed(ready)]
    _file(clerk, "make-arrears-slip", numbers[:2])
    _file(clerk, "make-arrears-slip", numbers[2:3])
    _pay_in_parts(Slip.objects.latest("id"), cashier)


def _file(by: Acting, service: str, keys: list[str]) -> None:
    case = cases.start(service, by=by)
    cases.pick(case, {key: {} for key in keys}, by=by)
    cases.submit(case, by=by)
    review.automatically(case.pk)


def _pay_late(clerk: Acting, cashier: Acting) -> None:
    """The monthly slip that was left lying; with its money comes the slip of the late fee."""
    lying = Slip.objects.filter(
        payer_id=clerk.party_id, kind=Slip.Kind.MONTHLY, state=Slip.State.OPEN
    ).first()
    if lying:
        _take_in([(lying.number, lying.total)], "逾期", cashier)


def _pay_in_parts(slip: Slip, cashier: Acting) -> None:
    """Two transfers that make up the slip together, and one that names no slip of ours."""
    first = (slip.total / 2).quantize(slip.total)
    rows = [(slip.number, first), (slip.number, slip.total - first), (slip.number[:-2] + "00", "66.60")]
    _take_in(rows, "到账", cashier)


def _take_in(rows: Sequence[tuple[str, object]], called: str, cashier: Acting) -> None:
    """These amounts as one file of the tax office's, under vouchers of its own."""
    day = clock.today()
    lines = [
        f"{number},{amount},{day},SHUI{day:%Y%m%d}{number[-5:]}{place}"
        for place, (number, amount) in enumerate(rows, 1)
    ]
    data = "\n".join([",".join(receipt_lines.COLUMNS.values()), *lines]).encode()
    receipts.take_in(data, f"税务{called}{day:%m%d}.csv", by=cashier)
