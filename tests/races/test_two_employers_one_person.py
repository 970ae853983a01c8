"""Two employers enrol one person at the same moment: exactly one wins, the other reads why."""

from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.registry import enrolments, people
from shebao.registry.models import Enrolment
from tests.scenes import City


def at_once(*deeds):
    """Run each deed in a thread and a connection of its own, from one starting shot; their results or exceptions."""
    results, start = [None] * len(deeds), Barrier(len(deeds))

    def run(place, deed):
        start.wait()
        try:
            results[place] = deed()
        except Exception as wrong:  # noqa: BLE001 the test looks at it
            results[place] = wrong
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [True, False], ids=["known person", "new person"])
def test_exactly_one_employer_gets_the_person(known):
    city = City()
    number = city.person().id_number if known else city.stranger()
    rivals = [city.employer(), city.employer()]

    def enrol(employer):
        def deed():
            with transaction.atomic():
                people.lock([number])
                ids = people.ensure([people.Newcomer(number, "李小明", "race")])
                enrolments.open_many(
                    [
                        enrolments.Opening(
                            ids[number],
                            "pension",
                            Month(2026, 11),
                            employer.id,
                            "race",
                            declared_wage=Decimal("5000"),
                        )
                    ]
                )
            return employer.id

        return deed

    results = at_once(*(enrol(employer) for employer in rivals))
    losers = [one for one in results if isinstance(one, Unsettled)]
    assert len(losers) == 1, results
    assert "没有任何变动" in losers[0].sentence or "重新提交" in losers[0].sentence
    assert Enrolment.objects.count() == 1
