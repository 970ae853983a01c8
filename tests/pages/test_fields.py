"""A field says what it wants, whether it must be filled in, and what is wrong, to eyes and to screen readers."""

import pytest
from django import forms
from django.template import Context, Template

from shebao.pages.fields import Button, Field


class Leave(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致")
    mobile = forms.CharField(label="手机号码", required=False)
    reason = forms.ChoiceField(label="暂停原因", choices=[("", "请选择"), ("retired", "退休")])
    card = forms.ChoiceField(label="申领社保卡", choices=[("1", "是"), ("0", "否")], widget=forms.RadioSelect)
    photo = forms.FileField(label="相片", required=False)


def drawn(one) -> str:
    return Template("{% load jc %}{% field one %}").render(Context({"one": one}))


def test_what_must_be_filled_in_says_so_in_words():
    form = Leave()
    assert '<span class="req">必填</span>' in drawn(form["name"])
    assert '<span class="opt">选填</span>' in drawn(form["mobile"])


def test_what_had_better_be_filled_in_is_marked_as_important():
    html = drawn(Field(name="mobile", label="手机号码", required=False, important=True))
    assert '<span class="imp">建议填写</span>' in html
    assert "建议填写" not in drawn(Field(name="mobile", label="手机号码", important=True)), "必填 says more"


def test_hint_and_error_are_tied_to_their_control():
    html = drawn(Leave({"name": ""})["name"])
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index("_helptext") < html.index("_error") < html.index("<input")


def test_of_several_rights_more_than_one_can_be_ticked():
    class Rights(forms.Form):
        roles = forms.MultipleChoiceField(
            label="权限",
            choices=[("filer", "业务经办"), ("payer", "缴费经办")],
            widget=forms.CheckboxSelectMultiple,
        )

    html = drawn(Rights({"roles": ["filer", "payer"]})["roles"])
    assert html.count('type="checkbox"') == 2
    assert html.count(" checked") == 2


def test_choices_that_share_a_question_are_a_group_with_a_legend():
    html = drawn(Leave({"card": "0"})["card"])
    assert "<legend" in html
    assert html.count('type="radio"') == 2
    assert html.count(" checked") == 1


def test_our_own_fields_look_like_djangos():
    html = drawn(Field(name="name", label="姓名", hint="与身份证一致", errors=["请填写姓名"]))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_dates_and_money_are_text_so_that_no_wheel_changes_them():
    for kind in ("date", "money", "number", "month"):
        assert 'type="text"' in drawn(Field(name="x", label="x", kind=kind))


def test_a_value_cannot_bring_markup_with_it():
    html = drawn(Field(name="x", label="<b>x</b>", value='"><script>', hint="<i>", errors=["<u>"]))
    assert "<script>" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert "<u>" not in html


def test_a_lookup_asks_with_the_whole_form():
    html = drawn(Field(name="x", label="x", button=Button("查询", "/look/", "#who")))
    assert 'hx-post="/look/"' in html, "what was typed must not stand in an address"
    assert 'hx-include="closest form"' in html


def test_a_whole_form_is_drawn_by_the_same_hand():
    html = str(Leave({"name": ""}))
    assert html.count('class="field') >= 4
    assert 'class="select"' in html
    assert "govuk-file-upload" in html


@pytest.mark.parametrize("kind", ["text", "select", "radios", "ticks", "textarea", "file", "tick", "money"])
def test_every_kind_of_field_has_a_name_for_screen_readers(kind):
    html = drawn(Field(name="x", label="问题", kind=kind, choices=[("a", "甲"), ("b", "乙")], unit="元"))
    assert 'for="id_x"' in html or "<legend" in html or "<label" in html


def test_a_number_with_spaces_that_is_pasted_is_not_cut_off():
    for kind, pasted in (("id-number", "420102 19920229 9993"), ("mobile", "131 0000 0000")):
        assert Field(name="n", kind=kind).attributes["maxlength"] >= len(pasted)
