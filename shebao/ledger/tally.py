"""How many of something there are, and how much money that is."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum


@dataclass(frozen=True)
class Tally:
    count: int
    amount: Decimal  # yuan


def tally(found: QuerySet, column: str) -> Tally:
    """Count these rows and add this column up."""
    return Tally(**found.aggregate(count=Count("pk"), amount=Sum(column, default=Decimal("0.00"))))
