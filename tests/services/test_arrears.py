"""欠费补缴 from the assessment to the slip and back, and 当月欠费注销 (EMP-5 to EMP-8)."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shebao.assessment import runs
from shebao.audit.models import AuditEvent
from shebao.casework import cases, errands, examination, papers, review
from shebao.casework.models import Case
from shebao.casework.service import Wanted
from shebao.foundation import clock, masks
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger import arrears, claims, invariants, receipts, slips
from shebao.ledger.models import Allocation, Claim, Slip
from shebao.policy.models import Value
from shebao.services import arrears_forms, make_arrears_slip, pay_arrears
from shebao.statements import prints
from shebao.statements.capitals import in_capitals
from tests.identity import people
from tests.jobs import work
from tests.ledger.books import bank_file
from tests.services.conftest import notes, problems, states

ASSESS, SLIP, BACK, OFF = "pay-arrears", "make-arrears-slip", "take-back-arrears", "write-off-month"
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Month(2026, month) for month in (8, 9, 10, 11))


@pytest.fixture
def worker(hall, ours):
    """赵立新, whose September and October are unpaid, and whose November has been run."""
    person = hall.city.person("赵立新")
    hall.city.works(person, ours, since=SEPTEMBER)
    runs.assess([person.id], [SEPTEMBER, OCTOBER, NOVEMBER], source="scene")
    return person


@pytest.fixture(autouse=True)
def sound(db):
    yield
    assert [one.invariant.name for one in invariants.broken(since=AUGUST)] == []


def who(person, **other):
    return {"id_number": person.id_number, "name": person.name} | other


def told(hall, service, employer, written, rule):
    return [s for found, s in problems(hall.saved(service, employer, written)) if found == rule]


def assessed(hall, employer, person) -> Claim:
    assert states(hall.submitted(ASSESS, employer, who(person))) == ["结束"]
    return Claim.objects.latest("id")


def asked(hall, employer, claim, name, **more) -> Slip:
    case = hall.submitted(SLIP, employer, {"number": claim.number, "name": name} | more)
    assert states(case) == ["结束"]
    return Slip.objects.get(source=case.ref)


class TestAssessment:
    def test_it_is_prefigured_by_month_and_settled_at_once(self, hall, ours, worker):
        case = hall.saved(ASSESS, ours, who(worker))
        cases.submit(case, by=hall.clerk(ours))
        work()
        case.refresh_from_db()
        claim = Claim.objects.get()
        september, october = case.figures["lines"]
        assert september[0] == "2026-09（1 人，逾期 61 天）" and october[0] == "2026-10（1 人，逾期 31 天）"
        assert "计至 2026-11-25" in case.figures["title"]
        assert case.figures["total"][1:] == [
            f"{x:.2f}" for x in (claim.employer_part, claim.personal_part, claim.late_fee, claim.total)
        ]
        assert claim.source == f"{case.ref}/row:1" and claim.items == 2 * 5

    def test_arrears_here_are_offered_with_their_months(self, hall, ours, worker):
        case = hall.saved(ASSESS, ours)
        (line,) = examination.offered(case, Wanted(search="赵")).lines
        assert line.shows[2] == "2026-09 至 2026-10（2 个月）" and line.why_not == ""
        assert not pay_arrears.offered(case, Wanted(search="钱")).lines
        assessed(hall, ours, worker)
        (line,) = examination.offered(cases.blank(case.service, by=hall.clerk(ours)), Wanted()).lines
        assert line.why_not.startswith("此人的欠费已核定（HD") and "请生成欠费补缴单" in line.why_not

    def test_1_who_owes_nothing_here(self, hall, ours):
        person = hall.city.person("李四")
        hall.city.works(person, ours, since=NOVEMBER)
        (sentence,) = told(hall, ASSESS, ours, who(person), "EMP-5/1")
        assert sentence.startswith("此人在本单位没有社会保险欠费")

    def test_1_arrears_with_another_employer_are_the_agencys(self, hall, ours):
        theirs, person = hall.city.employer(), hall.city.person("孙强")
        hall.city.works(person, theirs, since=AUGUST, until=SEPTEMBER)
        runs.assess([person.id], [AUGUST], source="scene")
        hall.city.works(person, ours, since=NOVEMBER)
        (sentence,) = told(hall, ASSESS, ours, who(person), "EMP-5/1")
        assert "其他单位" in sentence and "社保经办机构" in sentence
        assert theirs.name not in sentence

    def test_1_of_a_stranger_nothing_is_told(self, hall, ours, worker):
        (sentence,) = told(hall, ASSESS, hall.city.employer(), who(worker), "EMP-5/1")
        assert "其他单位" not in sentence

    def test_1_a_name_that_is_not_the_archives(self, hall, ours, worker):
        assert told(hall, ASSESS, ours, who(worker, name="赵立"), "EMP-5/1") == [
            "姓名与档案不一致，请核对身份证"
        ]

    def test_2_what_is_assessed_or_on_a_slip(self, hall, ours, worker):
        claim = assessed(hall, ours, worker)
        (sentence,) = told(hall, ASSESS, ours, who(worker), "EMP-5/2")
        assert claim.number in sentence and "请生成欠费补缴单" in sentence
        slip = asked(hall, ours, claim, worker.name)
        (sentence,) = told(hall, ASSESS, ours, who(worker), "EMP-5/2")
        assert slip.number in sentence and "请先退回该单" in sentence

    def test_3_an_unknown_last_day_is_told(self, hall, ours, worker):
        Value.objects.filter(parameter="payment_due_day", synthetic=True).delete()
        case = hall.saved(ASSESS, ours, who(worker))
        assert ("EMP-5/3", "本市缴款截止日没有公布，滞纳金未计；以经办机构核定的为准") in notes(case)

    def test_5_after_the_20th_it_is_allowed_and_warned_of(self, hall, ours, worker):
        with clock.fixed(date(2026, 11, 21)):
            case = hall.submitted(ASSESS, ours, who(worker))
        assert states(case) == ["结束"]
        assert ("EMP-5/5", "每月 20 日以后办理补缴，本月的其他业务可能要等到下月才能办理") in notes(case)
        assert "EMP-5/5" not in dict(notes(hall.saved(ASSESS, ours, who(worker))))

    def test_what_was_paid_meanwhile_sends_the_row_back(self, hall, ours, worker):
        case = hall.saved(ASSESS, ours, who(worker))
        claims.assess({worker.id: "elsewhere"}, ours.id, by="account:1")
        with pytest.raises(Unsettled, match="提交时检查未通过"):
            cases.submit(case, by=hall.clerk(ours))


class TestSlip:
    def test_it_bundles_assessments_and_prints_its_forms(self, hall, ours, worker):
        claim = assessed(hall, ours, worker)
        case = hall.submitted(
            SLIP, ours, {"number": claim.number, "name": worker.name, "pays_on": "2026-11-13"}
        )
        slip = Slip.objects.get(source=case.ref)
        assert (slip.kind, slip.due_on, slip.persons) == ("arrears", date(2026, 11, 13), 1)
        assert case.figures["total"] == [
            "总额",
            *(f"{x:.2f}" for x in (claim.amount, slip.late_fee, slip.total)),
        ]
        assert case.figures["lines"][0][0] == f"{masks.name(worker.name)} {claim.number}", "as in the list"
        made = {one.code: one.make(case) for one in case.service.printouts}
        assert {one[:5] for code, one in made.items() if code.endswith("-pdf")} == {b"%PDF-"}
        assert {one[:2] for code, one in made.items() if code.endswith("-excel")} == {b"PK"}
        assert {code.partition("-")[0] for code in made} == {"payment", "approval", "details"}

    def test_the_slip_to_pay_by_says_number_day_and_amount_in_capitals(self, hall, ours, worker):
        slip = asked(hall, ours, assessed(hall, ours, worker), worker.name)
        sheet = arrears_forms.payment(ours.id, slip)
        facts = dict(sheet.facts)
        assert (sheet.title, facts["凭单号"]) == ("欠费补缴单", slip.number)
        assert (facts["缴款日"], facts["大写"]) == (str(slip.due_on), in_capitals(slip.total))
        assert any("税务部门" in note for note in sheet.notes)

    def test_insurances_stand_in_the_order_people_know(self, hall, ours, worker):
        slip = asked(hall, ours, assessed(hall, ours, worker), worker.name)
        first = [line[1] for line in arrears_forms.approval(ours.id, slip).lines]
        known = ["养老保险", "医疗保险", "大额医疗保险", "工伤保险", "失业保险"]
        assert first[: len(known)] == known
        assert [line[0] for line in arrears_forms.payment(ours.id, slip).lines] == known
        assert [line[4] for line in arrears_forms.details(ours.id, slip).lines][: len(known)] == known

    def test_a_slip_that_was_taken_back_is_no_paper_to_pay_by(self, hall, ours, worker):
        slip = asked(hall, ours, assessed(hall, ours, worker), worker.name)
        slips.take_back(slip.id, by="account:1")
        slip.refresh_from_db()
        sheet = arrears_forms.payment(ours.id, slip)
        assert sheet.void == "作废" and not sheet.stamps and "大写" not in dict(sheet.facts)

    def test_the_forms_add_up_to_the_slip(self, hall, ours, worker):
        slip = asked(hall, ours, assessed(hall, ours, worker), worker.name)
        for sheet, before in (
            (arrears_forms.payment(ours.id, slip), 2),
            (arrears_forms.approval(ours.id, slip), 3),
            (arrears_forms.details(ours.id, slip), 6),
        ):
            sums = [sum((line[c] for line in sheet.lines), Decimal(0)) for c in range(before, before + 4)]
            assert sums == list(sheet.totals[before:]) and sums[-1] == slip.total
        assert any("第八十六条" in text for text in arrears_forms.approval(ours.id, slip).notes)

    def test_whose_months_are_printed_reads_who_had_them(self, hall, ours, worker, client):
        slip = asked(hall, ours, assessed(hall, ours, worker), worker.name)
        client.force_login(people.clerk(employer_id=ours.id, office_code="420102"))
        assert client.get(f"/employer/slips/{slip.number}/details.xlsx").status_code == 200
        assert AuditEvent.objects.filter(person_id=worker.id, details__what="社会保险费补缴明细表").exists()

    def test_a_form_too_long_to_be_printed_has_a_line_for_each_person(self, hall, ours, worker, monkeypatch):
        slip = asked(hall, ours, assessed(hall, ours, worker), worker.name)
        monkeypatch.setattr(prints, "MOST_PRINTED", 3)
        (line,) = arrears_forms.details(ours.id, slip, printed=True).lines
        assert line[1:5] == (worker.name, worker.id_number, "2026-09～2026-10", "各险种合计")
        assert line[-1] == slip.total
        assert len(arrears_forms.details(ours.id, slip).lines) > 3

    def test_the_list_to_tick_from_says_what_the_slip_will_ask_for(self, hall, ours, worker):
        claim = assessed(hall, ours, worker)
        offers = make_arrears_slip.offered(hall.saved(SLIP, ours), Wanted())
        slip = asked(hall, ours, claim, worker.name)
        assert (offers.heads[-1], offers.lines[0].shows[-1]) == ("金额（元，含滞纳金）", slip.total)
        assert slip.late_fee > 0

    def test_what_waits_for_a_slip_is_offered_with_its_months(self, hall, ours, worker):
        other = hall.city.person("钱二")
        hall.city.works(other, ours, since=SEPTEMBER)
        runs.assess([other.id], [SEPTEMBER], source="scene")
        for person in (worker, other):
            assessed(hall, ours, person)
        lines = make_arrears_slip.offered(hall.saved(SLIP, ours), Wanted()).lines
        assert {(line.shows[0], line.shows[3]) for line in lines} == {
            ("赵立新", "2026-09 至 2026-10"), ("钱二", "2026-09"),
        }  # fmt: skip

    def test_1_somebody_elses_assessment(self, hall, ours, worker):
        claim = assessed(hall, ours, worker)
        (sentence,) = told(
            hall, SLIP, hall.city.employer(), {"number": claim.number, "name": worker.name}, "EMP-6/1"
        )
        assert "本单位没有核定号" in sentence

    def test_1_one_that_is_asked_for_or_taken_back(self, hall, ours, worker):
        claim = assessed(hall, ours, worker)
        row = {"number": claim.number, "name": worker.name}
        slip = asked(hall, ours, claim, worker.name)
        assert told(hall, SLIP, ours, row, "EMP-6/1") == [f"这份欠费核定已列入补缴单 {slip.number}"]
        slips.take_back(slip.id, by="account:1")
        claims.take_back(claim.number, by="account:1")
        assert told(hall, SLIP, ours, row, "EMP-6/1")[0].startswith("这份欠费核定已退回")
        assert told(hall, SLIP, ours, row | {"name": "赵立"}, "EMP-6/1")[-1].startswith("姓名与核定的不一致")

    @pytest.mark.parametrize(
        ("day", "told_so"),
        [("2026-11-11", "缴款日不能早于今天"), ("2026-11-26", "缴款日最晚为本期缴款截止日")],
    )
    def test_2_a_day_that_is_over_or_too_far(self, hall, ours, worker, day, told_so):
        claim = assessed(hall, ours, worker)
        row = {"number": claim.number, "name": worker.name, "pays_on": day}
        (sentence,) = told(hall, SLIP, ours, row, "EMP-6/2")
        assert sentence.startswith(told_so)

    def test_2_two_days_on_one_slip(self, hall, ours, worker):
        other = hall.city.person("钱二")
        hall.city.works(other, ours, since=SEPTEMBER)
        runs.assess([other.id], [SEPTEMBER], source="scene")
        made = [(assessed(hall, ours, person), person) for person in (worker, other)]
        days = ("2026-11-12", "2026-11-13")
        rows = [
            {"number": c.number, "name": p.name, "pays_on": d} for (c, p), d in zip(made, days, strict=True)
        ]
        case = hall.saved(SLIP, ours, *rows)
        assert ("EMP-6/2", "一张补缴单只有一个缴款日，请全部填同一天") in problems(case)


@pytest.mark.parametrize(
    ("roles", "assesses", "pays"),
    [({"filer"}, 200, 403), ({"payer"}, 403, 200), ({"admin"}, 200, 200), (set(), 403, 403)],
)
def test_slips_are_made_and_taken_back_by_who_may_pay(hall, ours, worker, client, roles, assesses, pays):
    claim = assessed(hall, ours, worker)
    case = hall.saved(SLIP, ours, {"number": claim.number, "name": worker.name, "pays_on": "2026-11-13"})
    client.force_login(people.clerk(employer_id=ours.id, office_code="420102", roles=frozenset(roles)))
    for code, status in ((ASSESS, assesses), (SLIP, pays), (BACK, pays)):
        assert client.get(reverse("filing:pick", args=[code])).status_code == status
    assert client.get(reverse("filing:confirm", args=[case.number])).status_code == pays
    bills = client.get("/employer/bills/").content.decode()
    assert (reverse("filing:pick", args=[SLIP]) in bills) == (pays == 200)
    bench = client.get(reverse("employer:bench")).content.decode()
    assert (reverse("filing:start", args=[SLIP]) in bench) == (pays == 200)
    assert (reverse("filing:start", args=[ASSESS]) in bench) == (assesses == 200)


@pytest.mark.parametrize("roles", [{"filer"}, {"payer"}, set()])
def test_what_the_lists_show_opens_for_every_clerk_and_only_who_may_goes_on_with_it(
    hall, ours, worker, client, roles
):
    claim = assessed(hall, ours, worker)
    done = asked(hall, ours, claim, worker.name, pays_on="2026-11-13").source.removeprefix("case:")
    waiting = hall.saved(BACK, ours, {"number": claim.number}).number
    client.force_login(people.clerk(employer_id=ours.id, office_code="420102", roles=frozenset(roles)))
    may = "payer" in roles
    for listed in (reverse("employer:query-cases"), reverse("employer:bench")):
        links = set(re.findall(r'href="(/filing/case/[^"]+)"', client.get(listed).content.decode()))
        assert {200, 302} >= {client.get(link).status_code for link in links} and links
    assert "生成欠费补缴单" in client.get(reverse("filing:status", args=[done])).content.decode()
    shown = client.get(reverse("filing:status", args=[waiting])).content.decode()
    assert (reverse("filing:pick-again", args=[waiting]) in shown) == may
    went_on = client.get(reverse("filing:case", args=[waiting]))
    assert (went_on.url == reverse("filing:status", args=[waiting])) == (not may)
    for deed in ("confirm", "withdraw", "pick-again"):
        assert (client.get(reverse(f"filing:{deed}", args=[waiting])).status_code == 403) == (not may)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-11-11", "缴款日不能早于今天（2026-11-12）"),
        ("2026-11-26", "缴款日最晚为本期缴款截止日 2026-11-25；以后缴款的，到时再生成"),
        ("十一月", ""),
    ],
)
def test_a_day_that_will_not_do_is_refused_at_once_and_nothing_is_lost(
    hall, ours, worker, client, day, sentence
):
    claim = assessed(hall, ours, worker)
    client.force_login(people.clerk(employer_id=ours.id, office_code="420102", roles=frozenset({"payer"})))
    before = Case.objects.count()
    sent = {"pick": [claim.number], "pays_on": day, "deed": "save"}
    refused = client.post(reverse("filing:pick", args=[SLIP]), sent)
    shown = refused.content.decode()
    assert refused.status_code == 422 and Case.objects.count() == before, "no draft is left behind"
    assert sentence in shown and 'href="#id_pays_on"' in shown
    assert f'value="{day}"' in shown and re.search(rf'value="{claim.number}"[^>]*checked', shown)
    client.post(reverse("filing:pick", args=[SLIP]), sent | {"pays_on": "2026-11-13"})
    assert Case.objects.count() == before + 1


class TestTakingBack:
    def test_first_the_slip_then_the_assessment_and_the_person_owes_again(self, hall, ours, worker):
        claim = assessed(hall, ours, worker)
        slip = asked(hall, ours, claim, worker.name)
        (sentence,) = told(hall, BACK, ours, {"number": claim.number}, "EMP-7/3")
        assert slip.number in sentence
        case = hall.submitted(BACK, ours, {"number": slip.number})
        assert states(case) == ["结束"]
        assert dict(notes(case))["EMP-7/4"].startswith("退回后原凭单号作废，请不要再按它缴款")
        assert states(hall.submitted(BACK, ours, {"number": claim.number})) == ["结束"]
        assert set(Slip.objects.values_list("state", flat=True)) == {"taken_back"}
        assert claims.of_payer(ours.id)[0]["state"] == "taken_back"
        assert arrears.of_people([worker.id], ours.id, today=clock.today())[worker.id].months == 2
        assert told(hall, BACK, ours, {"number": slip.number}, "EMP-7/1")[0].endswith(
            "已经退回，无需再次办理"
        )

    def test_1_nothing_of_ours(self, hall, ours, worker):
        slip = asked(hall, ours, assessed(hall, ours, worker), worker.name)
        assert told(hall, BACK, hall.city.employer(), {"number": slip.number}, "EMP-7/1") == [
            "本单位没有这个号码的欠费补缴单或核定，请从名单勾选"
        ]

    def test_1_what_is_paid(self, hall, ours, worker):
        claim = assessed(hall, ours, worker)
        slip = asked(hall, ours, claim, worker.name)
        receipts.take_in(bank_file((slip.number, slip.total, "2026-11-12", "B1")), "a.csv", by="system:test")
        for number in (slip.number, claim.number):
            assert told(hall, BACK, ours, {"number": number}, "EMP-7/1") == [f"{number} 已经到账，不能退回"]

    def test_2_once_any_money_has_come_only_the_agency(self, hall, ours, worker):
        slip = asked(hall, ours, assessed(hall, ours, worker), worker.name)
        receipts.take_in(bank_file((slip.number, "1.00", "2026-11-12", "B1")), "a.csv", by="system:test")
        (sentence,) = told(hall, BACK, ours, {"number": slip.number}, "EMP-7/2")
        assert "请带缴费凭证到经办机构办理退回" in sentence


class TestWriteOff:
    def filed(self, hall, ours, person, paper=True):
        case = hall.saved(OFF, ours, who(person))
        if paper:
            name = case.service.materials[0].name
            papers.attach(case, name, SimpleUploadedFile("说明.pdf", b"%PDF-1.7 ..."), by=hall.clerk(ours))
        cases.submit(case, by=hall.clerk(ours))
        work()
        return case

    def test_all_insurances_of_this_month_and_of_no_other(self, hall, ours, worker):
        case = self.filed(hall, ours, worker)
        assert states(case) == ["进行中"], "an officer reads the statement"
        review.decide_all(case, review.APPROVE, by=hall.officer())
        assert states(case) == ["结束"]
        gone = Allocation.objects.filter(person_id=worker.id)
        assert set(gone.values_list("month", "kind")) == {(NOVEMBER, "written_off")} and gone.count() == 5
        runs.run_month(NOVEMBER, by="test")
        assert Allocation.objects.filter(person_id=worker.id).count() == 5
        assert told(hall, OFF, ours, who(worker), "EMP-8/1"), "there is nothing left"

    def test_the_page_says_before_that_it_is_final(self, hall, ours, worker):
        case = hall.saved(OFF, ours, who(worker))
        assert dict(notes(case))["EMP-8/4"].startswith("注销后无法恢复")

    def test_without_the_signed_statement_it_is_not_submitted(self, hall, ours, worker):
        with pytest.raises(Unsettled, match="还缺材料：经职工本人签字确认的欠费注销情况说明"):
            self.filed(hall, ours, worker, paper=False)

    def test_1_only_earlier_months_are_open(self, hall, ours):
        person = hall.city.person("李四")
        hall.city.works(person, ours, since=OCTOBER)
        runs.assess([person.id], [OCTOBER], source="scene")
        (sentence,) = told(hall, OFF, ours, who(person), "EMP-8/1")
        assert "网上只能注销当月欠费" in sentence

    def test_1_decided_next_month_it_goes_back(self, hall, ours, worker):
        case = self.filed(hall, ours, worker)
        with clock.fixed(date(2026, 12, 2)):
            review.decide_all(case, review.APPROVE, by=hall.officer())
        assert states(case) == ["被回退"]
        assert "2026-11 已经过去" in case.rows.get().reason

    def test_a_name_that_is_not_the_archives(self, hall, ours, worker):
        assert (
            "姓名与档案不一致，请核对身份证"
            in dict(problems(hall.saved(OFF, ours, who(worker, name="赵立")))).values()
        )

    def test_2_what_stands_on_a_slip(self, hall, ours, worker):
        slip = slips.make_monthly(ours.id, NOVEMBER, by="account:1")
        (sentence,) = told(hall, OFF, ours, who(worker), "EMP-8/2")
        assert slip.number in sentence

    def test_2_what_is_assessed(self, hall, ours, worker):
        with clock.fixed(date(2026, 11, 27)):
            claim = assessed(hall, ours, worker)
            assert claim.last_month == NOVEMBER
            (sentence,) = told(hall, OFF, ours, who(worker), "EMP-8/2")
        assert sentence == f"此人本月的费款已核定（{claim.number}），请先办理欠费补缴回退"


def test_a_case_of_one_slip_is_decided_in_one_step():
    assert make_arrears_slip.SERVICE.most_rows <= errands.MANY, "else it would become several slips"
