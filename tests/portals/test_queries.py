"""综合查询: what an employer finds about itself, that long lists cost no more, and that nothing else shows."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from shebao.assessment import runs
from shebao.audit import trails
from shebao.exports.models import Export
from shebao.foundation import clock, masks
from shebao.foundation.months import Month
from shebao.identity.acting import Acting
from shebao.ledger import bills, receipts, slips, suspense
from shebao.policy.entries import EVIDENCE
from shebao.registry import enrolments
from tests import policies
from tests.identity import people
from tests.jobs import work
from tests.ledger.books import PAYER, Books
from tests.services.conftest import Hall

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER, NOVEMBER = (Month(2026, n) for n in (9, 10, 11))
PAGES = (
    "/employer/queries/",
    "/employer/queries/cases/",
    "/employer/queries/enrolled/",
    "/employer/queries/paused/",
    "/employer/queries/arrears/",
    "/employer/queries/arrears/?by=month",
    "/employer/queries/arrears/?by=scheme",
    "/employer/queries/payments/",
    "/employer/queries/calendar/",
    "/employer/queries/own/",
    "/employer/roster/",
    "/employer/bills/",
    "/employer/bills/2026-10/",
    "/employer/slips/",
    "/employer/exports/",
    "/employer/",
)


@pytest.fixture(autouse=True)
def today(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "store"},
        }
    }
    with clock.fixed(date(2026, 11, 12)):
        yield


@pytest.fixture
def hall():
    policies.load(synthetic=True)
    return Hall()


@pytest.fixture
def factory(hall):
    """汉江机械厂: two people since September, one of whom had another wage until then; October was not paid."""
    employer = hall.city.employer("汉江机械厂示例")
    for name, wage in (("李小明", "6250"), ("周建国", "40000")):
        hall.city.works(hall.city.person(name), employer, since=SEPTEMBER, wage=wage)
    assessed(employer)
    return employer


def assessed(employer, months=(SEPTEMBER, OCTOBER)):
    runs.assess(staff(employer), list(months), source="scene")


def staff(employer) -> list[int]:
    return [row["person_id"] for row in enrolments.roster(employer.id, limit=5000)]


def signed_in(employer, username="hanjiang01", **given) -> Client:
    client = Client()
    client.force_login(
        people.opened(
            username,
            "employer",
            employer_id=employer.id,
            party_name=employer.name,
            roles=frozenset({"filer", "payer"}),
            **given,
        )
    )
    return client


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def exported(client, source, **filters) -> list[list]:
    """The lines of the workbook, below its heads."""
    assert client.post(f"/employer/exports/new/{source}/", filters).status_code == 302
    work()
    export = Export.objects.order_by("-id").first()
    assert export.state == "done", export.state
    content = b"".join(client.get(f"/employer/exports/{export.id}/").streaming_content)
    return [
        list(line) for line in load_workbook(BytesIO(content)).active.iter_rows(min_row=4, values_only=True)
    ]


def test_the_roster_of_a_month_shows_who_was_there_with_wage_and_base(factory):
    client = signed_in(factory)
    page = text(client.get("/employer/roster/?month=2026-10"))
    assert "李小明" in page and "6,250.00" in page
    assert "还没有" not in page
    assert "这个月没有参保职工" in text(client.get("/employer/roster/?month=2026-08"))
    number = "4201"
    assert not re.search(rf"{number}\d{{14}}", client.get("/employer/roster/").content.decode())


def test_the_roster_is_searched_by_name_number_and_scheme(factory):
    client = signed_in(factory)
    page = text(client.get("/employer/roster/?q=周"))
    assert "周建国" in page and "李小明" not in page
    person = factory_person(factory, "李小明")
    assert "李小明" in text(client.get(f"/employer/roster/?q={person['id_number']}"))
    assert "周建国" not in text(client.get(f"/employer/roster/?q={person['personal_number']}"))
    assert "没有找到这位职工" in text(client.get("/employer/roster/?scheme=maternity"))
    assert "李小明" in text(client.get("/employer/roster/?month=nonsense&scheme=nonsense&after=x"))


def factory_person(employer, name) -> dict:
    return next(row for row in enrolments.roster(employer.id) if row["name"] == name)


def test_a_roster_of_many_is_turned_by_key(hall):
    employer = hall.city.employer()
    for number in range(25):
        hall.city.works(hall.city.person(f"员工{number}"), employer, since=SEPTEMBER)
    client = signed_in(employer)
    first = client.get("/employer/roster/")
    following = re.search(r'href="(\?after=\d+)" rel="next"', first.content.decode())[1]
    second = client.get(f"/employer/roster/{following}")
    names = [set(re.findall(r"员工\d+", text(page))) for page in (first, second)]
    assert [len(one) for one in names] == [20, 5] and not names[0] & names[1]


@pytest.fixture
def raised(hall) -> tuple:
    """An employer with three people since March: one got two raises, one was away in June, one left after October."""
    employer = hall.city.employer("江城晴川示例公司")
    march = Month(2026, 3)
    raises, away, gone = (hall.city.person(name) for name in ("钱进", "孙悦", "李娜"))
    hall.city.works(raises, employer, since=march)
    hall.city.works(away, employer, since=march, until=Month(2026, 5))
    hall.city.works(away, employer, since=Month(2026, 7))
    hall.city.works(gone, employer, since=march)
    for month, wage in ((Month(2026, 6), "7000"), (OCTOBER, "8000")):
        new = [enrolments.NewWage(raises.id, Decimal(wage), "scene")]
        enrolments.change_wages(new, employer.id, starts=month)
    new = [enrolments.NewWage(gone.id, Decimal("6500"), "scene")]
    enrolments.change_wages(new, employer.id, starts=SEPTEMBER)
    enrolments.close_many([enrolments.Leaver(gone.id, "resigned", "scene")], employer.id, ends=OCTOBER)
    return employer, raises, away, gone


def test_a_new_wage_does_not_begin_somebodys_time_with_his_employer_anew_but_a_month_away_does(raised):
    employer, _raises, away, _gone = raised
    client = signed_in(employer)
    for name, since, wage in (("钱进", "2026-03", "8,000.00"), ("孙悦", "2026-07", "6,000.00")):
        row = next(row for row in rows_of(client.get("/employer/roster/")) if name in row)
        assert since in row and wage in row
    in_may = rows_of(client.get("/employer/roster/?month=2026-05"))
    assert all("2026-03" in row for row in in_may) and len(in_may) == 3
    lines = {line[0]: (line[4], line[5]) for line in exported(client, "roster", month="2026-08")}
    assert lines == {"钱进": ("2026-03", None), "孙悦": ("2026-07", None), "李娜": ("2026-03", "2026-10")}
    lines = {line[0]: (line[4], line[5]) for line in exported(client, "roster", month="2026-05")}
    assert lines["孙悦"] == ("2026-03", "2026-05")
    picked = {row["name"]: Month.of(row["starts"]) for row in enrolments.roster(employer.id)}
    assert picked == {"钱进": Month(2026, 3), "孙悦": Month(2026, 7)}
    (found,) = enrolments.roster(employer.id, search=away.id_number)
    assert Month.of(found["starts"]) == Month(2026, 7)


def rows_of(answer) -> list[str]:
    """Each line of the page's table, as it reads."""
    body = re.findall(r"<tbody.*?</tbody>", answer.content.decode(), re.S)[0]
    return [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r"<tr.*?</tr>", body, re.S)]


def test_the_history_of_one_employee_shows_no_other_employers_months(hall, factory):
    other = hall.city.employer("别家示例公司")
    wang = hall.city.person("王小桂")
    hall.city.works(wang, other, since=Month(2026, 1), until=Month(2026, 8), wage="9999")
    hall.city.works(wang, factory, since=SEPTEMBER, wage="7000")
    runs.assess([wang.id], [Month(2026, 8), SEPTEMBER], source="scene")
    page = text(signed_in(factory).get(f"/employer/roster/{wang.id}/"))
    assert "2026-09" in page and "7,000.00" in page
    assert "2026-08" not in page and "9,999.00" not in page
    assert trails.looks_at(wang.id).first().details["what"] == "职工逐月缴费记录"


def test_every_line_of_the_bill_is_explained(factory):
    client = signed_in(factory)
    zhou = factory_person(factory, "周建国")["person_id"]
    assert f"/employer/bills/2026-10/{zhou}/" in client.get("/employer/bills/2026-10/").content.decode()
    page = text(client.get(f"/employer/bills/2026-10/{zhou}/"))
    for words in ("养老保险", "高于上限", "单位缴", "每个数字的出处"):
        assert words in page
    assert any(str(words) in page for words in EVIDENCE.values()), "a mark like V2 tells nobody anything"


@pytest.mark.parametrize(
    "path", ["bills/2026-10/", "queries/arrears/", "queries/arrears/?by=month", "queries/arrears/?by=scheme"]
)
def test_insurances_come_in_the_order_that_people_know(factory, path):
    page = text(signed_in(factory).get(f"/employer/{path}"))
    named = re.findall("养老保险|大额医疗保险|医疗保险|工伤保险|失业保险", page)
    known = ["养老保险", "医疗保险", "大额医疗保险", "工伤保险", "失业保险"]
    assert list(dict.fromkeys(named)) == known


def test_other_peoples_data_does_not_exist(hall, factory):
    other = hall.city.employer("别家示例公司")
    li = factory_person(factory, "李小明")["person_id"]
    mine = signed_in(factory)
    mine.post("/employer/exports/new/roster/", {"month": "2026-10"})
    export = Export.objects.get()
    stranger = signed_in(other, "bieren01")
    for path in (
        f"/employer/roster/{li}/",
        f"/employer/bills/2026-10/{li}/",
        f"/employer/exports/{export.id}/",
    ):
        assert stranger.get(path).status_code == 404, path
    assert stranger.post(f"/employer/exports/{export.id}/stop/").status_code == 404
    assert mine.post("/employer/exports/new/no-such-list/").status_code == 404
    for path in PAGES:
        answer = stranger.get(path)
        assert answer.status_code == 404 or "李小明" not in text(answer), path


def test_an_insured_person_finds_no_employers_queries(hall):
    client = Client()
    client.force_login(people.person())
    assert {client.get(path).status_code for path in PAGES} == {404}


def test_arrears_by_person_month_and_scheme_come_to_the_same(factory):
    client = signed_in(factory)
    page = text(client.get("/employer/queries/arrears/"))
    assert "李小明" in page and "周建国" in page
    sums = []
    for way in ("person", "month", "scheme"):
        table = client.get(f"/employer/queries/arrears/?by={way}").content.decode()
        amounts = re.findall(r'data-l="合计（元）" class="r num">([\d,.]+)\s*<', table)
        sums.append(sum(Decimal(one.replace(",", "")) for one in amounts))
    assert sums[0] > 0
    assert sums[0] == sums[1] == sums[2]
    lines = exported(client, "arrears")
    assert sum(Decimal(str(line[6])) for line in lines) == sums[0]


def test_results_of_batches_are_found_by_number_name_and_result(hall):
    employer = hall.city.employer()
    hires = [
        {
            "id_number": str(hall.city.stranger()),
            "name": name,
            "hired_on": "2026-11-02",
            "wage": "6500",
            "starts": "2026-11",
        }
        for name in ("黄晓丽", "谢家豪")
    ]
    hall.approved("enrol-employees", employer, hires[0])
    hall.submitted("enrol-employees", employer, hires[1])
    client = signed_in(employer)
    page = text(client.get("/employer/queries/enrolled/"))
    assert "黄*丽" in page and "谢*豪" in page and hires[0]["id_number"] not in page
    only = text(client.get(f"/employer/queries/enrolled/?q={hires[0]['id_number']}"))
    assert "黄*丽" in only and "谢*豪" not in only
    assert "谢*豪" not in text(client.get("/employer/queries/enrolled/?q=黄晓丽"))
    assert "黄*丽" not in text(client.get("/employer/queries/enrolled/?state=submitted"))
    assert "没有符合条件的结果" in text(client.get("/employer/queries/enrolled/?until=2026-10-31"))
    assert "没有符合条件的结果" in text(client.get("/employer/queries/paused/"))
    lines = exported(client, "results-enrol", state="approved")
    assert [(line[0], line[1], line[4]) for line in lines] == [
        (masks.id_number(hires[0]["id_number"]), "黄*丽", "结束")
    ]
    cases = text(client.get("/employer/queries/cases/?state=finished"))
    assert "黄*丽" in cases and "谢*豪" not in cases
    assert "谢*豪" in text(client.get("/employer/queries/cases/?q=谢家豪"))
    assert len(exported(client, "cases", service="enrol-employees")) == 2


def test_payments_show_what_came_and_what_waits(hall, factory):
    books = Books(hall.city)
    assessed(factory, [NOVEMBER])
    slip = slips.make_monthly(factory.id, NOVEMBER, by=PAYER)
    books.money_comes(books.transfer(slip, amount=slip.total + 1))
    client = signed_in(factory)
    waiting = text(client.get("/employer/queries/payments/?show=waiting"))
    assert slip.number in waiting and "金额不符" in waiting
    books.money_comes(books.transfer(slip), name="二.csv")
    assert "已匹配" in text(client.get("/employer/queries/payments/"))
    assert len(exported(client, "payments")) == 2


def test_money_that_was_put_right_no_longer_waits(hall, factory):
    books = Books(hall.city)
    assessed(factory, [NOVEMBER])
    slip = slips.make_monthly(factory.id, NOVEMBER, by=PAYER)
    for at, amount in enumerate((slip.total - 1, 1)):
        books.money_comes(books.transfer(slip, amount=amount), name=f"{at}.csv")
    agent = Acting(900, "王审核", "agency", None, "江岸区社保处", frozenset({"reviewer"}), "420102")
    suspense.assign(slip.number, [one.id for one in receipts.suspense()], by=agent)
    books.money_comes(books.transfer(slip), name="重复.csv")
    suspense.propose_refund([one.id for one in receipts.suspense()], "重复缴费", by=agent)
    client = signed_in(factory)
    shown = text(client.get("/employer/queries/payments/"))
    assert shown.count("金额不符 · 认领入单") == 2 and "重复缴费 · 退款 · 待复核" in shown
    assert sorted(line[-1] for line in exported(client, "payments")) == [
        "重复缴费 · 退款 · 待复核", "金额不符 · 认领入单", "金额不符 · 认领入单",
    ]  # fmt: skip


def test_own_data_shows_schemes_and_injury_class(factory):
    page = text(signed_in(factory).get("/employer/queries/own/"))
    assert factory.uscc in page and "养老保险" in page and "1 类" in page


def test_the_workbooks_hold_the_roster_and_each_line_of_the_bill(factory):
    client = signed_in(factory)
    li = factory_person(factory, "李小明")
    roster = exported(client, "roster", month="2026-10")
    assert [(line[0], line[1], line[6]) for line in roster if line[0] == "李小明"] == [
        ("李小明", li["id_number"], 6250)
    ]
    bill = exported(client, "bill", month="2026-10")
    assert len(bill) == 2 * len(factory.schemes)
    assert any("高于上限" in line[8] for line in bill)
    assert {look.details["what"] for look in trails.looks_at(li["person_id"])} >= {"参保人员花名册（导出）"}


def test_no_page_asks_more_of_a_large_employer_than_of_a_small_one(hall, factory):
    large = hall.city.employer("大单位示例")
    for number in range(30):
        hall.city.works(hall.city.person(f"员工{number}"), large, since=SEPTEMBER)
    assessed(large)
    counted = []
    for username, employer in (("small01", factory), ("large01", large)):
        client = signed_in(employer, username)
        counted.append({path: queries_of(client, path) for path in PAGES})
    assert counted[0] == counted[1]
    assert {path: n for path, n in counted[1].items() if n > MOST_QUERIES} == {}


MOST_QUERIES = 22  # the calendar asks seven terms of the policies and for arrears, the bench its counters


def queries_of(client, path) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200, path
    return len(captured)


def test_the_calendar_shows_what_is_due_by_when_and_how_much(factory):
    client = signed_in(factory)
    page = text(client.get("/employer/queries/calendar/"))
    assert "缴纳 2026-10 月费款的最后一天" in page and "带材料到窗口审核的最后一天" in page
    assert "元 欠费" in page
    assert "2027 年缴费日历" in text(client.get("/employer/queries/calendar/?year=2027"))
    assert "2026 年缴费日历" in text(client.get("/employer/queries/calendar/?year=1900"))


def test_who_declared_lower_wages_later_reads_of_a_credit_and_of_nothing_owed(hall):
    employer = hall.city.employer("长江仪表厂示例")
    person = hall.city.person("程荷佳")
    hall.city.works(person, employer, since=Month(2025, 3), wage="9200")
    books = Books(hall.city)
    with clock.fixed(date(2026, 9, 10)):
        assessed(employer, [SEPTEMBER])
        slip = slips.make_monthly(employer.id, SEPTEMBER, by=PAYER)
        books.pays(slip, on=date(2026, 9, 10))
    less = {"id_number": person.id_number, "name": person.name, "present": "9200", "wage": "6000"}
    hall.approved("declare-wages", employer, less)
    client = signed_in(employer)
    credit = f"{-bills.settled(employer.id, SEPTEMBER).outstanding:,.2f}"
    calendar = text(client.get("/employer/queries/calendar/"))
    assert "欠费" not in calendar.partition("缴纳 2026-09 月费款的最后一天")[2].partition("缴纳 2026-10")[0]
    money = text(client.get("/employer/bills/"))
    assert f"更正后多缴 {credit} 元" in money and "汇成一张缴费单" not in money
    bill = text(client.get("/employer/bills/2026-09/"))
    assert f"多缴，待抵扣 {credit}" in bill and "6,000.00" in bill and "9,200.00" not in bill
    assert "待抵扣" in bill.partition("按职工")[2] and "待缴" not in bill
    roster = text(client.get("/employer/roster/?month=2026-09"))
    assert "6,000.00" in roster and "9,200.00" not in roster


def test_the_calendar_file_opens_in_other_calendars_and_tells_no_amounts(factory):
    answer = signed_in(factory).get("/employer/queries/calendar/file/?year=2026")
    assert answer["Content-Type"].startswith("text/calendar")
    lines = answer.content.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2] == "END:VCALENDAR"
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") > 12
    assert max(len(line.encode()) for line in lines) <= 75
    assert len({line for line in lines if line.startswith("UID:")}) == lines.count("BEGIN:VEVENT")
    assert "元" not in answer.content.decode()


def test_an_employer_chooses_its_reminders(factory):
    client = signed_in(factory)
    client.post("/employer/queries/calendar/reminders/", {"reminder": ["papers-due", "made-up"]})
    page = client.get("/employer/queries/calendar/").content.decode()
    assert re.findall(r'value="([\w-]+)" checked', page) == ["papers-due"]
