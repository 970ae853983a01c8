"""Small words of the template language."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.pages import states, vendor


def said(source: str, **context) -> str:
    return Template("{% load jc %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(Decimal("1828.3"), "1,828.30"), ("0", "0.00"), (None, "—"), ("", "—"), (Decimal("-5"), "-5.00")],
)
def test_money_has_two_decimals_and_separators(amount, shown):
    assert said("{{ amount|money }}", amount=amount) == shown


def test_numbers_of_others_are_masked():
    assert said("{{ i|mask_id }}", i="420106199203150037") == "4201**********0037"


def test_months_and_days_read_as_people_write_them():
    assert said("{{ m|month }}", m=Month(2026, 6)) == "2026-06"
    assert said("{{ m|month_words }}", m=Month(2026, 6)) == "2026 年 6 月"
    assert said("{{ d|day_words }}", d=date(2026, 6, 20)) == "6 月 20 日"


def test_a_moment_of_another_year_shows_its_year():
    zone = timezone.get_default_timezone()
    with clock.fixed(date(2026, 11, 12)):
        assert said("{{ t|moment }}", t=datetime(2026, 11, 2, 9, 41, tzinfo=zone)) == "11-02 09:41"
        assert said("{{ t|moment }}", t=datetime(2025, 11, 2, 9, 41, tzinfo=zone)) == "2025-11-02 09:41"


def test_every_state_has_an_icon_and_a_word():
    for code, state in states.STATES.items():
        html = said("{% status_tag code %}", code=code)
        assert "<svg" in html
        assert str(state.word) in html


def test_a_state_nobody_has_heard_of_is_shown_as_it_is():
    assert "weird" in said("{% status_tag 'weird' %}")


def test_icons_that_pages_use_are_in_the_sprite():
    assert {state.icon for state in states.STATES.values()} <= set(vendor.icon_names())


class Wage(forms.Form):
    wage = forms.DecimalField(label="申报工资", error_messages={"required": "请填写月申报工资"})


def test_the_error_summary_counts_and_links_to_each_field():
    form = Wage({})
    form.add_error(None, "服务器没有收到文件")
    html = said("{% errsum form %}", form=form)
    assert "还不能保存，有 2 处需要修改" in html
    assert '<a href="#id_wage">申报工资：请填写月申报工资</a>' in html
    assert said("{% errsum form %}", form=Wage({"wage": "5"})).strip() == ""


def test_steps_say_where_one_is():
    html = said("{% steps 3 %}")
    assert "第 3 步，共 4 步" in html
    assert html.count("is-done") == 2
    assert html.count('aria-current="step"') == 1


def test_the_pager_keeps_the_question_and_drops_the_old_key():
    request = RequestFactory().get("/list/", {"q": "李", "after": "9"})
    html = said("{% pager previous=5 next=19 said='第 11–20 件' %}", request=request)
    assert "?q=%E6%9D%8E&amp;before=5" in html
    assert "?q=%E6%9D%8E&amp;after=19" in html


def test_panels_are_numbered_in_each_language():
    assert said("{{ 3|ordinal }}") == "三、"
    with translation.override("en"):
        assert said("{{ 3|ordinal }}") == "3. "


def test_a_timeline_shows_times_words_and_none():
    moves = [
        {"title": "保存", "at": timezone.now() - timedelta(minutes=1), "state": "done"},
        {"title": "审核", "at": "等待中", "state": "current"},
        {"title": "结束", "at": "", "state": "todo"},
    ]
    html = said("{% timeline moves %}", moves=moves)
    assert html.count("<time") == 1
    assert "等待中" in html
