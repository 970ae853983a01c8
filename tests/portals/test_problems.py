"""问题报告 on its filer's pages: reported, read, asked again, closed; about his own matters alone."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shebao.casework import cases
from shebao.engagement import problems
from shebao.engagement.models import Attachment, Problem
from shebao.foundation import filetypes
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from tests.casework.conftest import here, services
from tests.engagement.conftest import OFFICE, again, hall, reported
from tests.portals.test_appointments import browser, text

__all__ = ["hall", "here", "services"]
WRITTEN = {
    "category": "payment", "text": "十月已缴费，仍显示欠费", "wished_for": "2026-11-16", "about": "", "number": "",
    "office": OFFICE,
}  # fmt: skip


def send(client, **other):
    return client.post("/problems/new/", WRITTEN | {"token": str(uuid4())} | other, follow=True)


@pytest.fixture
def clerk(hall):
    hall.city.office()
    return hall.clerk()


def test_a_report_is_sent_and_stands_on_the_list_with_its_promised_day(clerk):
    client = browser(clerk)
    assert "承诺 11 月 19 日前答复" in text(client.get("/problems/new/"))
    sent = text(send(client))
    assert "已发送" in sent and "待答复" in sent and "十月已缴费，仍显示欠费" in sent
    listed = text(client.get("/problems/"))
    assert "缴费、到账与欠费" in listed and "2026-11-19" in listed


def test_a_second_click_sends_nothing_twice(clerk):
    client, token = browser(clerk), str(uuid4())
    for _ in range(2):
        send(client, token=token)
    assert Problem.objects.count() == 1


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"category": ""}, "报告业务名称：请选报告业务名称"),
        ({"text": " "}, "问题描述：请写明问题"),
        ({"wished_for": "下周"}, "期望解决时间："),
        ({"wished_for": "2026-11-01"}, "期望解决时间不能早于今天"),
        ({"office": "999"}, "请选由哪个经办机构答复"),
        ({"about": "case", "number": ""}, "请填写号码，或者选“不涉及具体业务”"),
        ({"about": "case", "number": "42010020261112000001"}, "没有找到这个号码"),
        ({"about": "slip", "number": "1"}, "没有找到这个号码"),
        ({"about": "person", "number": "42010219950607001X"}, "号码："),
    ],
)
def test_what_is_wrong_is_named_by_field_and_nothing_typed_is_lost(clerk, other, sentence):
    page = send(browser(clerk), **other)
    assert sentence in text(page, 422) and not Problem.objects.exists()
    if "text" not in other:
        assert "十月已缴费，仍显示欠费" in page.content.decode()


def test_a_wrong_paper_is_refused_and_nothing_is_sent(clerk):
    page = send(browser(clerk), files=SimpleUploadedFile("a.pdf", b"MZ"))
    assert "附件：附件只能是 PDF、JPG、PNG" in text(page, 422) and not Problem.objects.exists()


def test_what_is_wrong_with_a_paper_stands_at_the_papers_in_any_words(clerk, monkeypatch):
    def refused(content):
        raise Unsettled("文件未通过安全检查")

    monkeypatch.setattr(filetypes, "scan", refused)
    page = send(browser(clerk), files=SimpleUploadedFile("a.pdf", b"%PDF-1.7 x"))
    assert "附件：文件未通过安全检查" in text(page, 422)


def test_a_report_about_a_case_leads_to_it(clerk, here):
    clerk_of_library = clerk
    case = cases.start("borrow-books", by=clerk_of_library)
    client = browser(clerk)
    form = client.get(f"/problems/new/?about=case:{case.number}").content.decode()
    assert f'value="{case.number}"' in form
    sent = send(client, about="case", number=case.number)
    assert f"/filing/cases/{case.number}/" in sent.content.decode() or case.number in text(sent)
    assert Problem.objects.get().about == case.ref


def test_an_employee_is_named_masked_and_only_by_his_employer(hall, clerk):
    employer = hall.city.employer()
    mine = hall.clerk(employer.id)
    person = hall.city.person("王晓兰", sex="F")
    hall.city.works(person, employer, since=Month(2026, 8))
    sent = send(browser(mine), about="person", number=person.id_number)
    assert "王*兰" in text(sent) and person.id_number not in sent.content.decode()
    assert Problem.objects.get().person_id == person.id
    strange = send(browser(clerk), about="person", number=person.id_number)
    assert "没有在本单位参保过的职工用这个身份证号码" in text(strange, 422)


def test_answers_are_read_asked_about_and_the_report_is_closed_and_rated(hall, clerk):
    made, client = reported(hall, by=clerk), browser(clerk)
    address = f"/problems/{made.number}/"
    assert "补充说明" in text(client.post(f"{address}say/", {"text": "补充：回单见附件"}, follow=True))
    problems.answer(again(made), "已到账，明天更新", by=hall.officer())
    page = text(client.get(address))
    assert "已到账，明天更新" in page and "解决了吗？" in page and "11 月 27 日后自动办结" in page
    assert "请填写内容" in text(client.post(f"{address}say/", {"text": ""}), 422)
    assert "等待答复" in text(client.post(f"{address}say/", {"text": "仍显示欠费"}, follow=True))
    problems.answer(again(made), "现在好了", by=hall.officer())
    closed = text(client.post(f"{address}close/", {"rating": "4"}, follow=True))
    assert "已办结" in closed and "只能重新打开一次" in closed and again(made).rating == 4
    assert "等待答复" in text(client.post(f"{address}say/", {"text": "又出现了"}, follow=True))


@pytest.mark.parametrize("rating", ["9", "x", "", "12"])
def test_a_rating_that_there_is_not_is_none(hall, clerk, rating):
    made = reported(hall, by=clerk)
    browser(clerk).post(f"/problems/{made.number}/close/", {"rating": rating})
    assert (again(made).state, again(made).rating) == ("closed", None)


def test_being_late_is_admitted_and_where_it_went(hall, clerk):
    made, client = reported(hall, by=clerk), browser(clerk)
    Problem.objects.filter(pk=made.pk).update(due=date(2026, 11, 11))
    assert "今天会转上级督办" in text(client.get(f"/problems/{made.number}/"))
    Problem.objects.filter(pk=made.pk).update(step=1)
    assert "没有按时答复，对不起" in text(client.get(f"/problems/{made.number}/"))
    assert "督办中" in text(client.get("/problems/"))


def test_papers_come_back_as_they_were_handed_in(hall, clerk):
    made = reported(hall, by=clerk, files=[SimpleUploadedFile("回单.pdf", b"%PDF-1.7 x")])
    paper = Attachment.objects.get()
    answer = browser(clerk).get(f"/problems/{made.number}/papers/{paper.pk}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"
    assert browser(clerk).get(f"/problems/{made.number}/papers/{paper.pk + 1}/").status_code == 404


def test_nobody_elses_report_exists(hall, clerk):
    made = reported(hall, by=clerk, files=[SimpleUploadedFile("回单.pdf", b"%PDF-1.7 x")])
    other = browser(hall.clerk(87))
    assert other.get(f"/problems/{made.number}/").status_code == 404
    assert other.get(f"/problems/{made.number}/papers/{Attachment.objects.get().pk}/").status_code == 404
    for deed in ("say", "close"):
        assert other.post(f"/problems/{made.number}/{deed}/", {"text": "x"}).status_code == 404
    assert made.number not in text(other.get("/problems/"))


def test_a_person_reports_too_and_says_which_office(hall, clerk):
    client = browser(hall.person())
    assert "一名职工" not in text(client.get("/problems/new/"))
    assert "请选由哪个经办机构答复" in text(send(client, office=""), 422)
    assert "已发送" in text(send(client))
    assert Problem.objects.get().person_id == 88
