"""Clock, ids and masks."""

import os
from datetime import UTC, date, datetime

from shebao.foundation import clock, ids, masks
from shebao.foundation.months import Month


def test_a_fixed_clock_stands_still_and_runs_on_afterwards():
    before = clock.now()
    with clock.fixed(date(2026, 11, 2)):
        assert clock.now() == clock.now()
        assert (clock.today(), clock.this_month()) == (date(2026, 11, 2), Month(2026, 11))
        with clock.fixed(datetime(2026, 12, 31, 23, 0, tzinfo=UTC)):
            assert clock.today().year == 2027  # it is already the next day in Wuhan
        assert clock.today() == date(2026, 11, 2)
    assert clock.now() >= before


def test_a_demo_may_live_on_another_day(settings, monkeypatch):
    settings.SHEBAO_TODAY = "2026-11-02"
    assert clock.today() == date(2026, 11, 2)
    settings.SHEBAO_TODAY = date(2026, 11, 3)
    assert clock.today() == date(2026, 11, 3)
    monkeypatch.setenv("SHEBAO_TODAY", "2020-01-01")
    assert clock.today() == date(2026, 11, 3)
    settings.SHEBAO_TODAY = None  # as in production: no variable of the environment can shift the day
    assert clock.today().year >= 2026 or os.environ["SHEBAO_TODAY"]
    assert clock.today() != date(2020, 1, 1)


def test_identifiers_made_one_after_another_are_different_and_in_order():
    made = [ids.uuid7() for _ in range(5000)]
    assert made == sorted(set(made))
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    milliseconds = made[0].int >> 80
    assert abs(milliseconds / 1000 - datetime.now(UTC).timestamp()) < 3600


def test_masks_keep_what_one_recognises_and_no_more():
    assert [masks.name(full) for full in ("李小明", "李明", "欧阳小明", "李", "")] == [
        "李*明",
        "李*",
        "欧**明",
        "李",
        "",
    ]
    assert masks.id_number("420102199202299993") == "4201**********9993"
    assert masks.id_number("4201") == "****"
    assert masks.mobile("13100000000") == "131****0000"
    assert masks.email("wang@example.org") == "w***@example.org"
    assert masks.email("broken") == "******"
