"""A clerk files over HTTP, without a script: enter, check, submit, follow; pick; upload; take back."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from shebao.audit import trails
from shebao.audit.models import AuditEvent
from shebao.casework import cases, catalogue, errands, review, rosters
from shebao.casework.ask import label
from shebao.casework.models import Case
from shebao.casework.review import APPROVE, send_back
from shebao.casework.service import Material, Window, on
from shebao.foundation import clock
from shebao.portals.filing import batches, entry
from tests.casework import library
from tests.casework.conftest import again, clerk, loan, number, officer, sheet, states
from tests.identity import people
from tests.jobs import work

pytestmark = pytest.mark.django_db
EMPLOYER = 7


@pytest.fixture
def browser(client, here):
    """A clerk of the employer that the library's tests file for, signed in."""
    client.force_login(people.clerk(employer_id=EMPLOYER, office_code="420102"))
    return client


@pytest.fixture
def trusted(client, here):
    client.force_login(people.clerk(employer_id=EMPLOYER, office_code="420102", grade="trusted"))
    return client


def words(answer):
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def url(name, *args):
    return reverse(f"filing:{name}", args=args)


def typed(**other):
    """The form as it is posted, with the page's token."""
    return loan(1, shelves=["open"]) | {"token": str(uuid4()), "deed": "save"} | other


def entered(browser, **other):
    browser.post(url("form", "borrow-books"), typed(**other))
    return Case.objects.latest("id")


def test_enter_check_submit_and_see_the_status(browser):
    page = browser.get(url("start", "borrow-books"), follow=True)
    assert "读者身份证号" in words(page) and "按身份证填写 18 位号码" in words(page)
    saved = browser.post(url("form", "borrow-books"), typed(), follow=True)
    case = Case.objects.get()
    assert saved.redirect_chain[0][0] == url("confirm", case.number) + "?saved=1"
    assert "信息已保存" in words(saved) and case.number in words(saved) and "围城" in words(saved)
    answer = browser.post(
        url("confirm", case.number), {"declared": "1", "token": str(uuid4()), "deed": "submit"}, follow=True
    )
    assert states(case) == ["进行中"]
    assert "等待窗口审核" in words(answer)
    review.decide_all(again(case), APPROVE, by=officer())
    assert "结束" in words(browser.get(url("status", case.number)))


def test_a_trusted_filers_case_is_done_when_the_page_looks_again(trusted):
    case = entered(trusted)
    status = trusted.post(url("confirm", case.number), {"declared": "1", "token": str(uuid4())}, follow=True)
    assert "系统正在审核" in words(status) and "every 3s" in status.content.decode()
    work()
    part = trusted.get(url("status", case.number), headers={"HX-Request": "true"})
    assert "结束" in words(part) and "every 3s" not in part.content.decode()
    assert "<html" not in part.content.decode()


def test_what_is_wrong_stands_above_the_form_and_beside_each_field_and_nothing_is_saved(browser, here):
    here.knows(number(1), name="王强", book="边城")
    answer = browser.post(url("form", "borrow-books"), typed(deposit="0"))
    assert answer.status_code == 422
    assert "还不能保存，有 3 处需要修改" in words(answer)
    for id in ("id_reader", "id_name", "id_deposit"):
        assert f'href="#{id}"' in answer.content.decode()
    assert words(answer).count("该读者已借有图书，请先归还") == 2
    assert 'value="李小明"' in answer.content.decode(), "what was typed is still there"
    assert not Case.objects.exists()


def test_saving_twice_by_a_second_click_makes_one_case(browser):
    form = typed()
    for _ in range(2):
        browser.post(url("form", "borrow-books"), form)
    assert Case.objects.count() == 1
    case = Case.objects.get()
    click = {"declared": "1", "token": str(uuid4())}
    for _ in range(2):
        answer = browser.post(url("confirm", case.number), click)
        assert answer.url == url("status", case.number)
    assert [move.after for move in case.moves.all()] == ["draft", "submitted"]


def test_whoever_has_not_ticked_the_declaration_reads_what_else_is_missing_with_its_rule(browser, here):
    licence = Material("营业执照", must_be_uploaded=True)
    catalogue.declare([replace(library.BORROW, materials=(licence,), declaration="我已与读者核对")])
    case = here.saved(loan(1))
    assert "我已与读者核对" in words(browser.get(url("confirm", case.number)))
    page = browser.post(url("confirm", case.number), {"token": str(uuid4())})
    said = words(page)
    assert "还缺材料：营业执照，请上传后再提交（规则 CASE-8）" in said and "请先勾选" in said
    assert 'href="#id_paper0"' in page.content.decode()


def test_nothing_is_submitted_without_the_declaration(browser):
    case = entered(browser)
    answer = browser.post(url("confirm", case.number), {"token": str(uuid4())})
    assert "请先勾选" in words(answer) and states(case) == ["可以提交"]


def test_a_saved_case_is_changed_and_somebody_elses_change_is_not_overwritten(browser):
    case = entered(browser)
    form = browser.get(url("edit", case.number, 1))
    version = of_form(form)["version"]
    browser.post(url("edit", case.number, 1), typed(book="边城", version=version))
    assert case.rows.get().raw["book"] == "边城"
    late = browser.post(url("edit", case.number, 1), typed(book="家", version=version))
    assert "别处修改过" in words(late) and case.rows.get().raw["book"] == "边城"


def test_papers_go_with_the_case_and_come_back_as_they_were(browser):
    case = entered(browser)
    page = browser.get(url("confirm", case.number))
    assert "借书单" in words(page) and "也可以带到窗口" in words(page)
    post = {"token": str(uuid4()), "paper0": SimpleUploadedFile("借书单.pdf", b"%PDF-1.7 x")}
    answer = browser.post(url("confirm", case.number), post)
    assert "借书单.pdf" in words(answer), "kept, although the declaration was not ticked"
    paper = case.papers.get()
    sent = browser.get(url("paper", case.number, paper.pk))
    assert b"".join(sent.streaming_content) == b"%PDF-1.7 x"
    assert sent["Content-Disposition"].startswith("attachment")
    browser.post(url("remove-paper", case.number, paper.pk))
    assert "借书单.pdf" not in words(browser.get(url("confirm", case.number)))
    bad = {"declared": "1", "token": str(uuid4()), "paper0": SimpleUploadedFile("x.pdf", b"MZ")}
    assert "只能是 PDF、JPG、PNG 文件" in words(browser.post(url("confirm", case.number), bad))


def test_withdrawing_asks_again_on_a_page_of_its_own(browser):
    case = entered(browser)
    assert "确定退单吗" in words(browser.get(url("withdraw", case.number)))
    answer = browser.post(url("withdraw", case.number), follow=True)
    assert f"业务 {case.number} 已退单" in words(answer)
    assert (
        case.number
        not in words(browser.get(reverse("employer:bench"))).split("已办任务")[0].split("已退单")[-1]
    )


def test_rows_are_picked_found_and_kept_over_pages(browser, here):
    for n in range(1, 26):
        here.knows(number(n), name="李小明" if n > 1 else "王强", book="围城")
    page = browser.get(url("start", "return-books"), follow=True)
    assert page.content.decode().count('name="pick"') == 20
    first = number(1)
    (after,) = re.findall(r'name="after" value="(\w+)"', page.content.decode())
    second = browser.post(
        url("pick", "return-books"), {"pick": [first], "condition": "完好", "after": after, "deed": "next"}
    )
    assert f'<input type="hidden" name="pick" value="{first}">' in second.content.decode()
    found = browser.post(url("pick", "return-books"), {"q": "王强", "deed": "find", "condition": "完好"})
    assert found.content.decode().count('name="pick"') == 1
    nobody = browser.post(url("pick", "return-books"), {"condition": "", "deed": "save"})
    assert "还不能保存，有 2 处需要修改" in words(nobody) and 'href="#picks"' in nobody.content.decode()
    saved = browser.post(
        url("pick", "return-books"),
        {"pick": [first, number(25)], "condition": "完好", "deed": "save", "token": str(uuid4())},
    )
    case = Case.objects.get()
    assert saved.url.startswith(url("confirm", case.number)) and states(case) == ["可以提交", "可以提交"]
    changed = browser.get(url("pick-again", case.number)).content.decode()
    assert f'value="{first}" id="pick1" checked' in changed
    browser.post(
        url("pick-again", case.number),
        {"pick": [first], "condition": "缺页", "deed": "save", "version": again(case).version},
    )
    assert states(case) == ["已删除", "已删除", "可以提交"]


def test_a_workbook_is_uploaded_read_and_put_right(browser, here):
    here.knows(number(2), book="边城")
    page = browser.get(url("batch", "borrow-books"))
    assert "最多 5,000 行" in words(page)
    rows = [loan(1), loan(2), loan(3, deposit="0"), loan(4)]
    answer = browser.post(
        url("batch", "borrow-books"), {"file": sheet(rows), "token": str(uuid4())}, follow=True
    )
    case = Case.objects.get()
    assert "排队等待读取" in words(answer) and "every 2s" in answer.content.decode()
    assert "请等读取完成" in words(
        browser.post(url("confirm", case.number), {"declared": "1", "token": str(uuid4())})
    )
    work()
    part = browser.get(url("roster", case.number), headers={"HX-Request": "true"})
    assert part["HX-Refresh"] == "true"
    page = words(browser.get(url("roster", case.number)))
    assert "2 行可以提交" in page and "2 行导入失败" in page
    assert "A3 读者身份证号" in page and "该读者已借有图书" in page and "D4 押金" in page
    failed = load_workbook(BytesIO(browser.get(url("failures", case.number)).content))["名单"]
    assert failed.max_row == 3 and failed["G2"].value == "编号 3：读者身份证号：该读者已借有图书，请先归还"
    assert number(4)[:4] in words(browser.get(url("roster", case.number), {"q": number(4)}))
    browser.post(url("remove", case.number), {"row": ["5"], "deed": "remove"})
    assert states(case) == ["可以提交", "有问题", "有问题", "已删除"]
    confirm = browser.get(url("confirm", case.number))
    assert "提交审批（1 人）" in words(confirm) and "有 2 人不会提交" in words(confirm)
    browser.post(url("confirm", case.number), {"declared": "1", "token": str(uuid4())})
    assert states(case) == ["进行中", "有问题", "有问题", "已删除"]
    results = load_workbook(BytesIO(browser.get(url("results", case.number)).content))["名单"]
    assert [results[f"G{line}"].value for line in (2, 3, 4)] == ["进行中", "有问题", "有问题"]


def test_failed_rows_are_deleted_one_by_one_or_all_together(browser, here):
    case, _upload = here.uploaded([loan(1), loan(2, deposit="0"), loan(3, deposit="0"), loan(4, name="")])
    page = browser.get(url("roster", case.number))
    assert "第 3 行" in words(page) and "照原因改；不要的，勾选后删除" in words(page)
    assert "请先勾选要删除的行" in words(browser.post(url("remove", case.number), follow=True))
    answer = browser.post(url("remove", case.number), {"failed": ["3"], "deed": "remove"}, follow=True)
    assert "已删除 1 行" in words(answer) and "导入失败的 2 行" in words(answer)
    answer = browser.post(url("remove", case.number), {"deed": "remove-failed"}, follow=True)
    assert "已删除 2 行" in words(answer) and "导入失败的" not in words(answer)
    assert states(case) == ["可以提交", "已删除", "已删除", "已删除"]
    assert again(case).total == 1


def test_all_failed_rows_can_be_paged_through(browser, here, monkeypatch):
    monkeypatch.setattr(batches, "SHOWN_FAILURES", 2)
    case, _upload = here.uploaded([loan(n, deposit="0") for n in range(1, 4)])
    first = browser.get(url("roster", case.number))
    assert "第 3 行" in words(first) and "第 4 行" not in words(first)
    assert "第 4 行" in words(browser.get(url("roster", case.number), {"failed_after": "[3]"}))
    assert "failed_after=%5B3%5D" in first.content.decode()


def test_reading_can_be_stopped_and_is_seen_on_the_bench(browser, here):
    case = here.started()
    rosters.hand_in(case, sheet([loan(1), loan(2)]), by=here.by)
    assert "正在读取名单" in words(browser.get(reverse("employer:bench")))
    page = browser.get(url("roster", case.number))
    assert "停止读取" in words(page) and "可以离开本页" in words(page)
    answer = browser.post(url("stop", case.number), follow=True)
    assert "已按您的要求停止读取" in words(answer)
    work()
    assert not case.rows.exists()
    answer = browser.post(url("stop", case.number), follow=True)
    assert "名单已经读完，不用停止" in words(answer)


def test_what_became_of_deleted_lines_is_told(browser, here):
    case, upload = here.uploaded([loan(1), loan(2, deposit="0"), loan(3, deposit="0")])
    book = load_workbook(BytesIO(browser.get(url("own", case.number, upload.pk)).content))
    book.active.delete_rows(3)
    book.active["D3"] = 50
    out = BytesIO()
    book.save(out)
    browser.post(url("roster", case.number), {"file": SimpleUploadedFile("改好.xlsx", out.getvalue())})
    work()
    told = words(browser.get(url("roster", case.number)))
    assert "改过或新增的 1 行已重新检查" in told and "您从文件里删去的 1 行失败的行，也从名单里删除了" in told
    browser.post(url("roster", case.number), {"file": sheet([loan(7, name="")])})
    work()
    browser.post(url("roster", case.number), {"file": sheet([loan(8)])})
    work()
    told = words(browser.get(url("roster", case.number)))
    assert "名单里还有 1 行失败的行不在这份文件里，没有动" in told
    assert "下载标红的 名单.xlsx" in told and "第 2 行（编号 5）" in told


def test_what_is_worth_knowing_stands_at_each_row_and_those_rows_can_be_seen_alone(browser, here):
    case = here.saved(loan(1), loan(2, until="2026-11-15"), loan(3))
    page = words(browser.get(url("roster", case.number)))
    assert page.count("借期不足七天") == 1 and "有提醒 1" in page
    only = words(browser.get(url("roster", case.number), {"only": "noted"}))
    assert "本页 1 行" in only and "可以提交的 3 行" in only
    assert "逐行查看" in words(browser.get(url("confirm", case.number)))


def test_a_workbook_that_is_not_taken_leaves_no_case_behind(browser):
    for file, sentence in (
        (SimpleUploadedFile("名单.csv", b"hello"), "请上传 .xlsx 或 .xls 文件：这个文件是纯文字"),
        (
            SimpleUploadedFile("名单.xlsx", b"a,b"),
            "“名单.xlsx”的内容是纯文字，不是 Excel 工作簿，只改名字不行",
        ),
        ("", "请先选择填好的名单文件"),
    ):
        answer = browser.post(url("batch", "borrow-books"), {"file": file, "token": str(uuid4())})
        assert answer.status_code == 422 and sentence in words(answer)
    assert not Case.objects.exists()


def test_what_is_wrong_with_a_whole_file_is_told_and_the_next_one_is_taken(browser):
    browser.post(url("batch", "borrow-books"), {"file": sheet([]), "token": str(uuid4())})
    work()
    case = Case.objects.get()
    assert "表里没有名单" in words(browser.get(url("roster", case.number)))
    browser.post(url("roster", case.number), {"file": sheet([loan(1)])})
    work()
    assert states(case) == ["可以提交"]


def test_the_template_can_be_fetched(browser):
    answer = browser.get(url("template", "borrow-books"))
    assert load_workbook(BytesIO(answer.content)).sheetnames == ["名单", "填写说明"]
    assert "filename*=utf-8''" in answer["Content-Disposition"]


def test_a_service_without_rosters_has_no_template(browser):
    catalogue.declare([replace(library.BORROW, most_rows=1)])
    assert browser.get(url("template", "borrow-books")).status_code == 404


def test_a_returned_case_is_on_the_bench_with_its_reason_and_goes_again(browser):
    case = entered(browser)
    browser.post(url("confirm", case.number), {"declared": "1", "token": str(uuid4())})
    bench = words(browser.get(reverse("employer:bench")))
    assert "待窗口审核" in bench
    review.decide_all(again(case), send_back("押金须与借书单一致"), by=officer())
    bench = words(browser.get(reverse("employer:bench")))
    assert "被回退" in bench and "回退原因： 押金须与借书单一致" in bench
    form = browser.get(url("case", case.number), follow=True)
    assert "押金须与借书单一致" in words(form)
    browser.post(url("edit", case.number, 1), typed(deposit="120"))
    browser.post(url("confirm", case.number), {"declared": "1", "token": str(uuid4())})
    assert states(case) == ["进行中"]


def test_of_a_returned_part_the_page_tells_whom_and_why(browser, here):
    case = here.submitted(loan(1), loan(2), by=None)
    review.decide(again(case), {1: APPROVE, 2: send_back("书名写错")}, by=officer())
    page = browser.get(url("case", case.number), follow=True)
    assert "1 人已通过，1 人被回退" in words(page) and "书名写错" in words(page)
    assert number(2) not in words(page) and number(2)[-4:] in words(page), "masked"
    form = words(browser.get(url("edit", case.number, 2)))
    assert "图书借阅" in form
    browser.post(url("edit", case.number, 2), typed(reader=number(2), book="边城"))
    answer = browser.post(url("confirm", case.number), {"declared": "1", "token": str(uuid4())}, follow=True)
    assert states(case) == ["结束", "进行中"] and "已处理 1 人，还有 1 人待审核" in words(answer)


def test_the_bench_asks_as_often_with_many_cases_as_with_few(browser, here, django_assert_max_num_queries):
    here.submitted(loan(1))
    here.saved(loan(2))
    browser.get(reverse("employer:bench"))
    for more in range(3, 25, 2):
        here.submitted(loan(more))
        here.saved(loan(more + 1))
    with django_assert_max_num_queries(11):
        assert "12 件" in words(browser.get(reverse("employer:bench")))


def test_a_list_of_the_bench_alone_asks_nothing_for_the_other(browser, here, django_assert_max_num_queries):
    here.submitted(loan(1))
    here.saved(loan(2))
    browser.get(reverse("employer:bench"))  # the session's first click is written down
    with django_assert_max_num_queries(4):
        part = browser.get(reverse("employer:bench"), {"list": "done"}, headers={"HX-Request": "true"})
    assert "进行中" in words(part) and "继续办理" not in words(part)


def test_the_bench_is_narrowed_and_walked_in_pages(browser, here):
    made = [here.saved(loan(n)) for n in range(1, 13)]
    page = browser.get(reverse("employer:bench"))
    assert words(page).count("继续办理 ：") == 10
    following = re.search(r'href="(\?[^"]*after=[^"]*)" rel="next"', page.content.decode())[1]
    assert words(browser.get(reverse("employer:bench") + unescape(following))).count("继续办理 ：") == 2
    part = browser.get(
        reverse("employer:bench"), {"list": "todo", "q": made[3].number}, headers={"HX-Request": "true"}
    )
    assert made[3].number in words(part) and words(part).count("继续办理 ：") == 1
    browser.get(reverse("employer:bench"), {"size": "50"})
    assert words(browser.get(reverse("employer:bench"))).count("继续办理 ：") == 12, "the size is remembered"


def test_a_look_at_a_number_tells_what_stands_against_it_and_leaves_a_line(browser, here):
    here.knows(number(1), book="边城")
    form = browser.get(url("form", "borrow-books")).content.decode()
    assert 'hx-target="#who"' in form and 'id="who"' in form
    told = browser.post(url("look", "borrow-books"), {"reader": number(1)}, headers={"HX-Request": "true"})
    assert "该读者已借有图书" in words(told)
    assert "没有发现" in words(browser.post(url("look", "borrow-books"), {"reader": number(2)}))
    assert "18位" in words(browser.post(url("look", "borrow-books"), {"reader": "4201"}))
    in_an_address = browser.get(url("look", "borrow-books"), {"reader": number(1)})
    assert in_an_address.status_code == 405, (
        "addresses stand in logs and histories; numbers of people must not"
    )
    assert AuditEvent.objects.filter(event="person.looked-up").count() == 2


def test_a_form_that_is_not_saved_has_told_something_too_and_the_person_sees_it(browser, here):
    catalogue.declare([replace(library.BORROW, people=lambda keys: dict.fromkeys(keys, 501))])
    here.knows(number(1), book="边城")
    answer = browser.post(url("form", "borrow-books"), typed())
    assert answer.status_code == 422 and "该读者已借有图书" in words(answer)
    assert trails.looks_at(501).count() == 1
    assert not Case.objects.exists()


def test_an_address_alone_saves_nothing(browser, here):
    here.knows(number(1), book="围城")
    asked = {"pick": [number(1)], "condition": "完好", "deed": "save"}
    assert browser.get(url("pick", "return-books"), asked).status_code == 200
    assert not Case.objects.exists()


def test_whoever_looks_up_very_many_people_in_a_day_is_told_to_fill_in_the_form(browser, monkeypatch):
    monkeypatch.setattr(entry, "LOOKS_A_DAY", 2)
    told = [words(browser.post(url("look", "borrow-books"), {"reader": number(n)})) for n in (1, 2, 3)]
    assert ["没有发现" in one for one in told] == [True, True, False]
    assert "今天查询的次数较多" in told[2]


PAGES = ("case", "roster", "failures", "results", "confirm", "withdraw", "status", "pick-again", "edit")


def test_whats_another_employers_does_not_exist(client, here):
    case = here.saved(loan(1))
    paper = (
        cases.of(here.by)
        .get()
        .papers.create(name="借书单", filename="x.pdf", kind="pdf", size=1, sha256="", by=1, file="x.pdf")
    )
    client.force_login(people.clerk(employer_id=8, office_code="420102"))
    for name in PAGES:
        args = [case.number, 1] if name == "edit" else [case.number]
        assert client.get(url(name, *args)).status_code == 404, name
        assert client.post(url(name, *args)).status_code in (404, 405), name
    assert client.get(url("paper", case.number, paper.pk)).status_code == 404
    assert client.post(url("remove-paper", case.number, paper.pk)).status_code == 404
    assert states(case) == ["可以提交"]


def test_a_clerk_who_may_not_file_and_whoever_is_not_signed_in_get_nowhere(client, here):
    assert client.get(url("form", "borrow-books")).url.startswith("/login/employer/")
    client.force_login(people.clerk(employer_id=EMPLOYER, roles=frozenset({"payer"})))
    assert client.get(url("form", "borrow-books")).status_code == 403
    assert client.get(reverse("employer:bench")).status_code == 200


def test_a_clerk_without_the_right_reads_anothers_draft_and_is_offered_nothing_else(client, here):
    draft = here.saved(loan(1))
    client.force_login(people.clerk(employer_id=EMPLOYER, roles=frozenset({"payer"})))
    bench = words(client.get(reverse("employer:bench")))
    assert "查看 ：" in bench and "继续办理 ：" not in bench and "退单 ：" not in bench
    read = client.get(url("case", draft.number), follow=True)
    assert read.redirect_chain[-1][0] == url("status", draft.number) and read.status_code == 200


def test_a_service_that_is_not_offered_is_not_there(browser):
    assert browser.get(url("start", "sell-books")).status_code == 404
    assert browser.get(url("batch", "discard-books")).status_code == 404, "it takes no batches"
    assert browser.get(url("pick", "borrow-books")).status_code == 404, "nothing is offered to pick from"


def test_the_status_of_several_rows_lists_each_whatever_became_of_it(browser, here):
    case = here.submitted(loan(1), loan(2), loan(3))
    address = f"/filing/case/{case.number}/status/"
    assert browser.get(address).status_code == 200
    here.decided(case, {1: APPROVE, 2: send_back("请核对借书证"), 3: APPROVE})
    page = browser.get(address)
    assert page.status_code == 200
    assert "请核对借书证" in page.content.decode()


def test_a_submitted_case_shows_its_status_wherever_one_comes_from(browser, here):
    case = here.submitted(loan(1))
    for name, *row in (("case",), ("confirm",), ("withdraw",), ("edit", 1), ("roster",)):
        assert browser.get(url(name, case.number, *row)).url == url("status", case.number)
    assert browser.post(url("edit", case.number, 1), typed()).status_code == 404


@pytest.fixture
def ten_are_many(monkeypatch):
    monkeypatch.setattr(errands, "MANY", 9)
    monkeypatch.setattr(errands, "STEP", 5)


def one_step(case):
    errand = errands.under_way(case)
    errands._step(errand, errand.mark, cases._submit_on)


def test_many_rows_are_submitted_behind_a_progress_bar(browser, here, ten_are_many):
    case = here.saved(*(loan(n) for n in range(1, 13)))
    click = {"declared": "1", "token": str(uuid4())}
    status = browser.post(url("confirm", case.number), click, follow=True)
    assert "正在提交" in words(status) and "已检查 0 / 12 人" in words(status)
    one_step(case)
    part = browser.get(url("status", case.number), headers={"HX-Request": "true"})
    assert 'max="12" value="5"' in part.content.decode() and "every 3s" in part.content.decode()
    assert "已检查 5 / 12 人" in words(browser.get(reverse("employer:bench")))
    for name in ("confirm", "roster", "withdraw", "case"):
        assert browser.get(url(name, case.number)).url == url("status", case.number), name
    work()
    part = browser.get(url("status", case.number), headers={"HX-Request": "true"})
    assert part["HX-Refresh"] == "true" and "等待窗口审核" in words(browser.get(url("status", case.number)))


def test_many_rows_that_could_not_be_submitted_say_why(browser, here, ten_are_many):
    case = here.saved(*(loan(n) for n in range(1, 13)))
    here.knows(number(3), book="边城")
    browser.post(url("confirm", case.number), {"declared": "1", "token": str(uuid4())})
    work()
    status = words(browser.get(url("status", case.number)))
    assert "没有提交成" in status and "有 1 人在提交时检查未通过" in status and "继续办理" in status


def test_who_downloads_a_list_of_people_is_on_record(browser, here):
    case = here.saved(loan(1), loan(2, deposit="0"))
    for name in ("failures", "results"):
        browser.get(url(name, case.number))
        assert AuditEvent.objects.filter(event=f"case.{name}-downloaded", about=case.ref).exists()


def test_another_partys_token_makes_a_case_of_ones_own(browser, here):
    theirs = here.started(by=clerk(party=8, account=80))
    browser.post(url("form", "borrow-books"), typed(token=str(theirs.token)))
    mine = Case.objects.get(party_id=EMPLOYER)
    assert mine.token != theirs.token and mine.good == 1


def test_to_submit_does_not_change_when_it_was_saved(browser, here):
    case = here.saved(loan(1))
    before = again(case).saved_at
    browser.post(url("confirm", case.number), {"declared": "1", "token": str(uuid4())})
    assert again(case).state == "submitted" and again(case).saved_at == before


def test_the_filers_own_workbook_comes_back_with_red_cells(browser, here):
    case, upload = here.uploaded([loan(1), loan(2, deposit="0")])
    page = browser.get(url("roster", case.number))
    assert "下载标红的 名单.xlsx" in words(page)
    answer = browser.get(url("own", case.number, upload.pk))
    page = load_workbook(BytesIO(answer.content)).active
    assert page["D3"].fill.fgColor.rgb == "FFFFC9C7" and page["G3"].value.startswith("编号 3：")
    assert AuditEvent.objects.filter(event="case.failures-downloaded", about=case.ref).count() == 1
    page["D3"] = 50
    out = BytesIO()
    page.parent.save(out)
    browser.post(url("roster", case.number), {"file": SimpleUploadedFile("改好.xlsx", out.getvalue())})
    work()
    told = words(browser.get(url("roster", case.number)))
    assert "这份文件里改过或新增的 1 行已重新检查" in told and "2 行可以提交" in told
    assert browser.get(url("own", case.number, upload.pk)).status_code == 404, (
        "nothing is wrong with it any more"
    )


@pytest.fixture
def bonds(here):
    """Dear books need a bond (担保书) of each reader."""
    dear = Material(
        "担保书",
        per_row=True,
        must_be_uploaded=True,
        kinds=("jpg",),
        asked_of=lambda loan, held, case: loan.deposit > 500,
    )
    catalogue.declare([replace(library.BORROW, materials=(dear,))])


def photo(name, content=b"\xff\xd8\xff\xe0 ..."):
    return SimpleUploadedFile(name, content)


def test_rows_that_lack_a_paper_get_it_one_by_one_or_many_at_once(browser, here, bonds):
    case, _upload = here.uploaded([loan(1)] + [loan(n, deposit="900") for n in (2, 3, 4)])
    page = words(browser.get(url("roster", case.number)))
    assert "3 人还缺担保书" in page and "一次上传多张" in page
    answer = browser.post(
        url("row-papers", case.number),
        {
            "paper0_5": photo("扫描.jpg"),
            "many0": [
                photo(f"{number(2)}.jpg"),
                photo(f"{number(3).lower()}.jpg", b"%PDF-"),
                photo("李小明.jpg"),
            ],
        },
        follow=True,
    )
    told = words(answer)
    assert "已收到 2 个文件" in told and "1 人还缺担保书" in told
    assert "李小明.jpg：名单里没有这个号码" in told and "担保书只能是 JPG" in told
    assert states(case) == ["可以提交", "可以提交", "有问题", "可以提交"]
    assert sorted(case.papers.values_list("row__number", flat=True)) == [3, 5]


def test_papers_of_rows_come_with_no_more_queries_than_one(
    browser, here, bonds, django_assert_max_num_queries
):
    case, _upload = here.uploaded([loan(n, deposit="900") for n in range(1, 31)])
    with django_assert_max_num_queries(60):
        browser.post(
            url("row-papers", case.number), {"many0": [photo(f"{number(n)}.jpg") for n in range(1, 31)]}
        )
    assert states(case) == ["可以提交"] * 30


def test_a_workbook_that_can_not_be_read_leaves_nothing_to_do(browser, here):
    wrong = sheet([loan(1)], heads=("甲", "乙", "丙", "丁", "戊", "己"))
    browser.post(url("batch", "borrow-books"), {"file": wrong, "token": str(uuid4())})
    case = Case.objects.get()
    assert case.number in words(browser.get(reverse("employer:bench"))), "while it is being read"
    work()
    assert "这份文件没有读成" in words(browser.get(url("roster", case.number)))
    bench = words(browser.get(reverse("employer:bench")))
    assert case.number not in bench and "没有待办任务" in bench
    browser.post(url("roster", case.number), {"file": sheet([loan(1)])})
    work()
    assert case.number in words(browser.get(reverse("employer:bench")))


def test_an_empty_file_is_called_empty(browser, here):
    answer = browser.post(
        url("batch", "borrow-books"), {"file": SimpleUploadedFile("名单.xlsx", b""), "token": str(uuid4())}
    )
    assert "文件是空的（0 字节）" in words(answer) and not Case.objects.exists()


def test_whoever_has_another_draft_for_the_same_person_is_told_its_number(browser, here):
    first = entered(browser)
    second = entered(browser, book="边城")
    page = words(browser.get(url("confirm", second.number)))
    assert f"此人另有未提交的业务：图书借阅 {first.number}" in page and "请留意" in page
    browser.post(url("withdraw", first.number))
    cases.save(second, {1: loan(1, book="家")}, by=here.by)
    assert "此人另有" not in words(browser.get(url("confirm", second.number)))


def test_of_a_roster_it_is_told_how_many_have_another_draft(browser, here):
    entered(browser)
    case, _upload = here.uploaded([loan(1), loan(2)])
    assert "1 人另有未提交的业务" in words(browser.get(url("confirm", case.number)))


def test_another_employers_draft_is_nobodys_business(browser, here):
    here.saved(loan(1), by=clerk(party=8, account=80))
    case = entered(browser)
    assert "此人另有" not in words(browser.get(url("confirm", case.number)))


def of_form(page):
    """The hidden fields of a form."""
    return dict(
        re.findall(r'type="hidden" name="(token|version|writer)"[^>]*value="([^"]*)"', page.content.decode())
    )


def test_of_somebody_who_can_not_be_handled_no_draft_is_kept(browser, here):
    here.knows(number(1), book="边城")
    hidden = of_form(browser.get(url("form", "borrow-books")))
    answer = browser.post(
        url("autosave-new", "borrow-books"), hidden | {"reader": number(1), "name": "李小明"}
    )
    assert "先不存草稿" in words(answer) and not Case.objects.exists()


@pytest.fixture
def returning(here):
    """A library that takes no book from 王强, and no broken one."""
    barred = on(
        "reader", lambda back, held, case: "押金未清" if held.name == "王强" else None, rule="LIB-2/8"
    )
    broken = on(
        "condition",
        lambda back, held, case: "请到柜台赔偿" if back.condition == "损坏" else None,
        rule="LIB-2/9",
    )
    catalogue.declare([replace(library.RETURN, checks=(barred, broken)), library.RENEW])
    here.knows(number(1), name="王强", book="围城")
    here.knows(number(2), book="围城")
    return here


def test_whoever_is_certain_to_be_refused_is_listed_with_the_reason_and_can_not_be_ticked(browser, returning):
    page = browser.get(url("pick", "return-books"))
    assert page.content.decode().count('name="pick"') == 1 and "押金未清" in words(page)


def test_picking_only_people_who_can_not_be_handled_leaves_no_draft_and_says_why(browser, returning):
    posted = {"pick": [number(2)], "condition": "损坏", "deed": "save", "token": str(uuid4())}
    page = browser.post(url("pick", "return-books"), posted)
    assert page.status_code == 422 and "图书状况：请到柜台赔偿" in words(page)
    assert not Case.objects.exists()
    browser.post(url("pick", "return-books"), posted | {"pick": [number(1), number(2)], "condition": "完好"})
    assert sorted(states(Case.objects.get())) == ["可以提交", "有问题"]


def test_the_form_of_somebody_picked_leaves_no_draft_until_it_is_saved(browser, returning):
    catalogue.declare([replace(library.RENEW, offers=library.lent, most_rows=1)])
    assert browser.get(url("form", "renew-books")).url == url("start", "renew-books"), "nobody is picked yet"
    picked = browser.post(url("pick", "renew-books"), {"pick": [number(2)], "deed": "save"})
    assert picked.url == url("form", "renew-books") and not Case.objects.exists()
    form = browser.get(picked.url)
    assert f'value="{number(2)}"' in form.content.decode()
    answer = {"reader": number(2), "name": "李小明", "book": "围城", "deposit": "120", "deed": "save"}
    saved = browser.post(picked.url, answer | of_form(form))
    case = Case.objects.get()
    assert saved.url.startswith(url("confirm", case.number)) and states(case) == ["可以提交"]


def test_a_form_saves_itself_as_a_draft_once_it_says_whom_it_is_about(browser):
    page = browser.get(url("form", "borrow-books"))
    assert "change delay:2s from:#f" in page.content.decode()
    hidden = of_form(page)
    autosave = url("autosave-new", "borrow-books")
    browser.post(autosave, hidden | {"name": "李小明"})
    assert not Case.objects.exists(), "nobody is named yet"
    answer = browser.post(autosave, hidden | {"reader": number(1), "name": "李小明"})
    case = Case.objects.get()
    assert "已自动存为草稿" in words(answer) and f'value="{case.version}"' in answer.content.decode()
    assert states(case) == ["有问题"], "kept as far as it goes"
    browser.post(autosave, hidden | {"reader": number(1), "name": "李小明", "book": "围城"})
    saved = browser.post(url("form", "borrow-books"), typed(**hidden))
    assert saved.url.startswith(url("confirm", case.number)) and Case.objects.count() == 1


def test_a_form_that_saved_itself_is_saved_without_a_conflict_and_a_late_answer_overwrites_nothing(browser):
    case = entered(browser)
    hidden = of_form(browser.get(url("edit", case.number, 1)))
    autosave = url("autosave", case.number, 1)
    browser.post(autosave, typed(**hidden, book="边城"))
    assert case.rows.get().raw["book"] == "边城"
    saved = browser.post(url("edit", case.number, 1), typed(**hidden, book="家"))
    assert saved.status_code == 302, "the page did not hear yet that it had saved itself"
    late = browser.post(autosave, typed(**hidden, book="边城"))
    assert "没有自动保存" in words(late) and case.rows.get().raw["book"] == "家"


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten_by_a_form_that_saves_itself(browser, here):
    case = entered(browser)
    hidden = of_form(browser.get(url("edit", case.number, 1)))
    browser.post(url("autosave", case.number, 1), typed(**hidden, book="边城"))
    cases.save(again(case), {1: loan(1, book="骆驼祥子")}, by=here.by)
    for way in ("autosave", "edit"):
        answer = browser.post(url(way, case.number, 1), typed(**hidden, book="家"))
        assert "刚刚在别处修改过" in words(answer)
    assert case.rows.get().raw["book"] == "骆驼祥子"


def test_how_many_lines_a_page_has_is_asked_only_of_a_long_list_and_the_size_in_use_is_marked(browser, here):
    [here.saved(loan(1)) for _one in range(10)]
    page = words(browser.get(reverse("employer:bench")))
    assert "每页" not in page and "共 10 件" in page
    here.saved(loan(1))
    page = browser.get(reverse("employer:bench"))
    assert "本页 10 件，共 11 件" in words(page)
    assert '<a href="?size=10" aria-current="true">10</a>' in page.content.decode()


def test_who_waits_for_papers_is_found_by_the_word_that_stands_beside_it(browser, here):
    case = here.submitted(loan(1))
    bench = browser.get(reverse("employer:bench"))
    assert '<option value="awaiting-papers">待窗口审核</option>' in bench.content.decode()
    asked = {"list": "done"}
    waiting = browser.get(reverse("employer:bench"), asked | {"state": "awaiting-papers"})
    assert case.number in words(waiting).split("已办任务列表")[1]
    under_way = browser.get(reverse("employer:bench"), asked | {"state": "submitted"})
    assert case.number not in words(under_way)


def test_the_done_list_is_narrowed_by_itself(browser, here):
    kept, gone = here.submitted(loan(1)), here.submitted(loan(2))
    review.decide_all(again(gone), APPROVE, by=officer())
    draft = here.saved(loan(3))
    page = words(browser.get(reverse("employer:bench") + "?list=done&state=awaiting-papers"))
    assert kept.number in page and gone.number not in page and draft.number in page
    part = browser.get(
        reverse("employer:bench") + "?list=done&since=2030-01-01", headers={"HX-Request": "true"}
    )
    assert "没有符合条件的已办任务" in words(part) and draft.number not in words(part)


def test_a_paper_that_only_some_need_is_listed_for_whom_it_is_needed(browser, here, bonds):
    assert "担保书" not in words(browser.get(url("form", "borrow-books")))
    case = here.saved(loan(1, deposit="900"))
    page = words(browser.get(url("edit", case.number, 1)))
    assert "需要准备的材料 担保书" in page
    browser.post(url("edit", case.number, 1), typed(deposit="100", version=str(case.version)))
    assert "担保书" not in words(browser.get(url("edit", case.number, 1)))


def test_a_refusal_is_beside_the_services_that_put_it_right(browser, returning):
    (barred, _broken) = catalogue.service("return-books").checks
    barred = replace(barred, leads_to=("renew-books",))
    catalogue.declare([replace(library.RETURN, checks=(barred,)), library.RENEW])
    there = f'<a href="{url("start", "renew-books")}">'
    assert browser.get(url("pick", "return-books")).content.decode().count(there) == 2, (
        "in the row and beside"
    )
    posted = {"pick": [number(1), number(2)], "condition": "完好", "deed": "save", "token": str(uuid4())}
    roster = browser.post(url("pick", "return-books"), posted, follow=True)
    assert "押金未清 去办续借" in words(roster) and there in roster.content.decode()


def test_amounts_to_pick_from_stand_at_the_right(browser, returning):
    def lent(case, wanted):
        offers = library.lent(case, wanted)
        lines = tuple(replace(line, shows=(line.shows[0], Decimal("1234.5"))) for line in offers.lines)
        return replace(offers, heads=("读者姓名", "押金（元）"), lines=lines)

    catalogue.declare([replace(library.RETURN, offers=lent)])
    page = browser.get(url("pick", "return-books")).content.decode()
    assert 'class="r">押金（元）</th>' in page and 'class="r num">1,234.50</td>' in page


def test_where_not_all_answers_are_open_the_others_are_not_asked_and_none_is_no_answer(browser, here):
    @dataclass(frozen=True)
    class Loan(library.Loan):
        shelves: tuple[library.Shelf, ...] = label("书库", default=(), blank="全部书库")

    catalogue.declare([replace(library.BORROW, row=Loan, answers=lambda case: {"shelves": {"open"}})])
    page = browser.get(url("form", "borrow-books"))
    assert re.findall(r'name="shelves"[^>]*value="(\w+)"( checked)?', page.content.decode()) == [
        ("open", " checked")
    ]
    assert "不填即为全部书库" not in words(page)
    answer = browser.post(url("form", "borrow-books"), typed(shelves=[]))
    assert answer.status_code == 422 and "请至少勾选一项" in words(answer)
    assert not re.search(r'name="shelves"[^>]* checked', answer.content.decode())


def test_whoever_comes_while_a_service_is_shut_reads_when_it_opens_next(browser, here):
    def until(days):
        day, week = timedelta(days=1), timedelta(days=7)
        return lambda today: Window(today - week, today + days * day, again=today + week)

    catalogue.declare([replace(library.RETURN, opens=until(0))])
    assert "现在还不能提交" not in words(browser.get(url("pick", "return-books")))
    catalogue.declare([replace(library.RETURN, opens=until(-1))])
    for name in ("pick", "batch"):
        page = words(browser.get(url(name, "return-books")))
        assert f"下次从 {clock.today() + timedelta(days=7)} 起受理" in page, name


def test_rows_that_stayed_behind_when_the_others_were_handed_in_are_told_with_what_to_do(browser, here):
    case = here.submitted(loan(1), loan(2, book=""))
    page = browser.get(url("status", case.number))
    assert "有 1 人没有提交" in words(page)
    assert url("failures", case.number) in page.content.decode()
    assert url("batch", "borrow-books") in page.content.decode()


def test_whatever_a_finished_case_leads_on_to_is_linked_from_it(browser, here):
    catalogue.declare([replace(library.RETURN, related=("renew-books",)), library.RENEW])
    here.knows(number(1), book="围城")
    case = here.submitted(
        {"reader": number(1), "name": "李小明", "condition": "完好"}, service="return-books"
    )
    assert "还可以接着办" not in words(browser.get(url("status", case.number)))
    review.automatically(case.pk)
    page = browser.get(url("status", case.number))
    assert "还可以接着办 去办续借" in words(page) and url("start", "renew-books") in page.content.decode()


def test_what_is_wrong_with_a_paper_stands_beside_it_and_the_declaration_stays_ticked(browser):
    case = entered(browser)
    page = browser.get(url("confirm", case.number)).content.decode()
    field = re.search(r'name="(paper\d+)"', page)[1]
    wrong = SimpleUploadedFile("借书单.pdf", b"no document")
    answer = browser.post(url("confirm", case.number), {"declared": "1", "token": str(uuid4()), field: wrong})
    html = answer.content.decode()
    assert f'class="err" id="id_{field}_error"' in html
    assert re.search(r'id="id_declared"[^>]* checked', html)
