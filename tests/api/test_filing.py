"""A payroll system files: received at once, put together by a job, told row by row, and never done twice."""

import json
from datetime import date

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from shebao.api import intakes
from shebao.api.models import Intake
from shebao.audit.models import AuditEvent
from shebao.casework import cases, errands, review
from shebao.casework.models import Case
from shebao.foundation import clock, sql
from shebao.foundation.identifiers import IdNumber
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Busy
from shebao.identity import api_keys
from shebao.notices.models import Notice
from shebao.policy.models import Value
from shebao.registry import people
from shebao.registry.models import Employer, Enrolment, Person
from tests.api.conftest import cases_of, hire, system_of
from tests.jobs import work


def faults(answer):
    """(pointer, rule) of everything that a problem lists."""
    assert answer["Content-Type"] == "application/problem+json"
    return [(one.get("pointer") or one.get("parameter"), one["rule"]) for one in answer.json()["errors"]]


def test_a_trusted_employers_hires_are_in_force_seconds_after_they_were_sent(trusted, hall):
    answer = trusted.file([hire(hall), hire(hall, name="王强")], client_reference="2026-11/0042")
    assert answer.status_code == 202
    receipt = answer.json()
    assert answer["Location"] == receipt["case"] and answer["Retry-After"] == "2"
    assert (receipt["rows"], receipt["client_reference"]) == (2, "2026-11/0042")
    waiting = trusted.get(answer["Location"])
    assert (waiting.json()["status"], waiting["Retry-After"]) == ("processing", "2")
    work()
    case = trusted.get(answer["Location"])
    assert (case.json()["status"], case.json()["status_label"]) == ("approved", "结束")
    assert "Retry-After" not in case.headers
    assert [row["status"] for row in trusted.rows(case.json())] == ["approved", "approved"]
    assert Enrolment.objects.filter(payer_id=trusted.employer.id, scheme="pension").count() == 2


def test_an_ordinary_employers_case_says_what_to_bring_and_waits_for_an_officer(ordinary, hall):
    case = ordinary.filed([hire(hall)])
    assert (case["status"], case["bring"]) == ("submitted", ["企业参保人员增员表", "劳动合同"])
    review.decide_all(Case.objects.get(), review.send_back("合同没有盖章"), by=hall.officer())
    returned = ordinary.get(case["url"]).json()
    assert (returned["status"], returned["reason"]) == ("returned", "合同没有盖章")
    assert [(row["status"], row["reason"]) for row in ordinary.rows(returned)] == [
        ("returned", "合同没有盖章")
    ]


def test_all_problems_of_all_rows_are_told_at_once_and_nothing_is_kept(ordinary, hall):
    answer = ordinary.file(
        [
            {"id_number": "420102199202299990", "name": 7, "wages": "6500", "hired_on": "2026-13-02"},
            hire(hall, wage=6500, card="是", schemes=["pension", "luck"]),
            "李小明",
            hire(hall, id_number="420102199202299993"),
            hire(hall, id_number="420102199202299993"),
        ],
        client_reference="a b",
        colour="red",
    )
    assert answer.status_code == 422 and answer.json()["code"] == "invalid"
    assert faults(answer) == [
        ("#/client_reference", "readable"),
        ("#/colour", "unknown-field"),
        ("#/rows/0/id_number", "readable"),
        ("#/rows/0/name", "readable"),
        ("#/rows/0/hired_on", "readable"),
        ("#/rows/0/wage", "required"),
        ("#/rows/0/wages", "unknown-field"),
        ("#/rows/1/wage", "readable"),
        ("#/rows/1/schemes", "readable"),
        ("#/rows/1/card", "readable"),
        ("#/rows/2", "readable"),
        ("#/rows/4/id_number", "unique"),
    ]
    first, *_rest = [one for one in answer.json()["errors"] if one.get("row") == 1]
    assert (first["label"], first["field"]) == ("身份证号码", "id_number")
    assert "校验" in first["sentence"]
    assert cases_of(ordinary) == 0


def test_what_the_archive_says_is_told_along_with_what_is_written_wrong(trusted, hall):
    known, other = hall.city.person("周建国"), hall.city.person("吴桂芳")
    rows = [
        hire(hall, id_number=known.id_number),
        hire(hall, wage=6500),
        hire(hall, id_number=other.id_number, name="吴桂花", hired_on="2026/11/2"),
        hire(hall, card=True),
        "李小明",
        hire(hall),
    ]
    answer = trusted.file(rows)
    assert faults(answer) == [
        ("#/rows/0/name", "EMP-1/1"),
        ("#/rows/1/wage", "readable"),
        ("#/rows/2/hired_on", "readable"),
        ("#/rows/2/name", "EMP-1/1"),
        ("#/rows/4", "readable"),
    ], "and not that the fourth lacks a photo, which is uploaded to the case"
    assert "共有 5 处问题" in answer.json()["detail"] and "请改正" in answer.json()["detail"]
    assert answer.json() | {"instance": ""} == trusted.post(
        "/services/enrol-employees/check", {"rows": rows}
    ).json() | {"instance": ""}, "a check says the same"
    looked = AuditEvent.objects.filter(event="record.looked")
    assert {line.person_id for line in looked} == {known.id, other.id}, "they can see who asked"
    assert cases_of(trusted) == 0


def test_each_sentence_says_how_to_write_it(ordinary, hall):
    answer = ordinary.file([hire(hall, wage=6500, hired_on="2026/11/2", card=None, mobile="")])
    said = {one["field"]: one["sentence"] for one in answer.json()["errors"]}
    assert said == {
        "wage": 'JSON 类型不对，这里应是文字（string），例如 "6500.00"',
        "hired_on": '写法不对，请写成 "2026-11-02" 这样；没有内容的请不写这一项',
        "mobile": '写法不对，请写成 "13100000000" 这样；没有内容的请不写这一项',
    }


def test_rows_that_the_archive_contradicts_hold_the_whole_case_back(trusted, hall):
    known = hall.city.person("周建国")
    case = trusted.filed([hire(hall, id_number=known.id_number), hire(hall)])
    assert (case["status"], case["total"], case["bad"]) == ("needs_correction", 2, 1)
    assert case["reason"] == "2 人中有 1 人有问题，整笔暂未提交；请按各行的 problems 改正，再提交"
    bad, good = trusted.rows(case)
    assert [one["rule"] for one in bad["problems"]] == ["EMP-1/1"]
    assert (bad["problems"][0]["label"], bad["status"], good["status"]) == ("姓名", "bad", "draft")


def test_the_rest_is_submitted_when_the_sender_says_so(trusted, hall):
    known = hall.city.person("周建国")
    case = trusted.filed([hire(hall, id_number=known.id_number), hire(hall)], if_problems="submit_rest")
    assert case["status"] == "approved"
    assert (case["rows_by_status"]["approved"], case["rows_by_status"]["bad"]) == (1, 1)
    assert [row["number"] for row in trusted.rows(case, status="bad")] == [1]


def test_a_draft_is_kept_submitted_later_and_submitting_twice_is_once(trusted, hall):
    case = trusted.filed([hire(hall)], submit=False)
    assert case["status"] == "draft"
    for _each in range(2):
        answer = trusted.post(f"{case['url']}/submit")
        assert answer.status_code == 200 and answer.json()["status"] == "submitted"
    work()
    assert trusted.get(case["url"]).json()["status"] == "approved"
    assert Case.objects.get().moves.filter(before="draft").count() == 1


def test_a_draft_with_problems_is_not_submitted_unless_the_rest_may_go(trusted, hall):
    known = hall.city.person("周建国")
    case = trusted.filed([hire(hall, id_number=known.id_number), hire(hall)], submit=False)
    assert case["status"] == "needs_correction"
    answer = trusted.post(f"{case['url']}/submit")
    assert (answer.status_code, answer.json()["code"]) == (409, "impossible")
    assert "1 人有问题" in answer.json()["detail"]
    assert trusted.post(f"{case['url']}/submit?if_problems=submit_rest").json()["status"] == "submitted"


def test_a_case_that_lacks_a_paper_says_which_and_where_to_upload_it(trusted, hall):
    case = trusted.filed([hire(hall, card=True)])
    assert case["status"] == "needs_correction"
    assert [one["sentence"] for one in trusted.rows(case)[0]["problems"]] == ["请上传相片"]
    assert case["page"].endswith(f"/filing/case/{case['number']}/")
    answer = trusted.post(f"{case['url']}/submit?if_problems=submit_rest")
    assert answer.status_code == 409 and "请上传后再提交" in answer.json()["detail"]
    assert [(one["rule"], one["field"]) for one in answer.json()["errors"]] == [("CASE-8", "相片")]


def test_a_draft_is_withdrawn_and_what_is_submitted_is_not(ordinary, hall):
    draft = ordinary.filed([hire(hall)], submit=False)
    assert ordinary.post(f"{draft['url']}/withdraw").json()["status"] == "withdrawn"
    submitted = ordinary.filed([hire(hall)])
    answer = ordinary.post(f"{submitted['url']}/withdraw")
    assert answer.status_code == 409 and "已经提交审批" in answer.json()["detail"]


def test_the_same_request_again_gets_the_same_answer_and_files_once(trusted, hall):
    row = hire(hall)
    first = trusted.file([row], once="retry-1", client_reference="0042")
    respelled = {"client_reference": "0042", "rows": [dict(reversed(row.items()))], "submit": True}
    second = trusted.post(
        "/services/enrol-employees/cases", json.dumps(respelled, indent=3), **{"Idempotency-Key": "retry-1"}
    )
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first.headers
    work()
    third = trusted.file([row], once="retry-1", client_reference="0042")
    assert third.content == first.content
    assert cases_of(trusted) == 1


def test_another_request_with_the_same_idempotency_key_is_refused(trusted, hall):
    trusted.file([hire(hall)], once="retry-1")
    other = trusted.file([hire(hall)], once="retry-1")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")
    assert cases_of(trusted) == 1


def test_an_idempotency_key_belongs_to_its_employer(trusted, ordinary, hall):
    assert trusted.file([hire(hall)], once="1").status_code == 202
    assert ordinary.file([hire(hall)], once="1").status_code == 202


def test_without_an_idempotency_key_nothing_is_filed(trusted, hall):
    answer = trusted.post("/services/enrol-employees/cases", {"rows": [hire(hall)]})
    assert answer.status_code == 422 and faults(answer) == [("Idempotency-Key", "required")]


def test_a_client_reference_names_one_case_and_finds_it_for_ever(trusted, hall):
    case = trusted.filed([hire(hall)], client_reference="2026-11/0042")
    taken = trusted.file([hire(hall)], client_reference="2026-11/0042")
    assert (taken.status_code, taken.json()["code"]) == (409, "client-reference-taken")
    assert taken.json()["case"] == taken["Location"] == case["url"]
    found = trusted.get("/cases", client_reference="2026-11/0042").json()["cases"]
    assert [one["number"] for one in found] == [case["number"]]
    assert trusted.get("/cases", client_reference="other").json()["cases"] == []


def test_the_reference_of_a_withdrawn_case_names_the_one_filed_in_its_place(trusted, hall):
    known = hall.city.person("周建国")
    held = trusted.filed([hire(hall, id_number=known.id_number)], client_reference="0042", once="1")
    assert trusted.post(f"{held['url']}/withdraw").status_code == 200
    mended = trusted.filed([hire(hall)], client_reference="0042", once="2")
    assert mended["status"] == "approved"
    found = trusted.get("/cases", client_reference="0042").json()["cases"]
    assert [one["number"] for one in found] == [mended["number"], held["number"]]
    third = trusted.file([hire(hall)], client_reference="0042")
    assert third.json()["case"] == mended["url"] and third.status_code == 409


def test_checking_tells_what_filing_would_find_and_keeps_nothing(trusted, hall):
    known, ours = hall.city.person("周建国"), hall.city.person("李小明")
    hall.city.works(ours, trusted.employer, since=Month(2026, 1))
    rows = [
        hire(hall),
        hire(hall, id_number=known.id_number),
        hire(hall, id_number=ours.id_number),
        hire(hall, wage="1.00"),
    ]
    answer = trusted.post("/services/enrol-employees/check", {"rows": rows})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["total"], found["good"], found["bad"]) == (4, 2, 2)
    told = {row["number"]: [one["rule"] for one in row["problems"] + row["notes"]] for row in found["rows"]}
    assert told == {2: ["EMP-1/1"], 3: ["EMP-1/3"], 4: ["EMP-1/8"]}
    assert cases_of(trusted) == 0
    looked = AuditEvent.objects.filter(event="record.looked")
    assert {line.person_id for line in looked} == {known.id, ours.id}, "they can see who asked"
    assert {line.actor for line in looked} == {trusted.key.ref}


def test_checking_while_a_service_is_closed_says_so_and_when_it_opens(trusted, hall):
    row = {"id_number": hire(hall)["id_number"], "name": "李小明", "wage": "7200.00"}
    opened = trusted.post("/services/enrol-employees/check", {"rows": [hire(hall)]}).json()
    assert (opened["problems"], opened["open_today"]) == ([], True)
    with clock.fixed(date(2026, 7, 1)):
        early = system_of(trusted.employer, name="早来的")
        closed = early.post("/services/declare-wages/check", {"rows": [row]}).json()
        service = early.get("/services/declare-wages").json()
    assert [(one["rule"], one["field"]) for one in closed["problems"]] == [("CASE-9", "")]
    assert "2026-10-08 起" in closed["problems"][0]["sentence"]
    assert closed["rows"][0]["problems"], "and what is wrong with the rows all the same"
    for said in (closed, service):
        assert (said["open_today"], said["opens_on"]) == (False, "2026-10-08")


def test_a_service_whose_days_nobody_has_announced_is_closed(trusted, hall):
    Value.objects.filter(parameter="declaration_opens", synthetic=True).delete()
    body = {"rows": [{"id_number": hire(hall)["id_number"], "name": "李小明", "wage": "7200.00"}]}
    said = trusted.post("/services/declare-wages/check", body).json()
    assert (said["open_today"], said["opens_on"], said["closes_on"]) == (False, None, None)
    assert "还没有公布" in said["problems"][0]["sentence"]


def test_the_audit_names_the_key_and_whoever_issued_it_hears_of_the_case(trusted, hall):
    case = trusted.filed([hire(hall)])
    line = AuditEvent.objects.get(event="case.submitted")
    assert (line.actor, line.actor_name) == (trusted.key.ref, "东湖软件（示例） 接口密钥“薪资系统”")
    assert case["filed_by"] == "接口密钥“薪资系统”"
    assert {one.recipient for one in Notice.objects.filter(code="case-approved")} == {"account:70"}


def test_what_was_wrong_is_said_in_the_senders_language(trusted, hall):
    trusted.language = "en"
    answer = trusted.file([hire(hall, wage=6500)])
    assert answer.json()["title"].isascii() and answer.json()["errors"][0]["sentence"].isascii()
    known = hall.city.person("周建国")
    case = trusted.filed([hire(hall, id_number=known.id_number)])
    (row,) = trusted.rows(case)
    assert row["problems"][0]["sentence"].isascii() and case["status_label"].isascii()


def test_a_key_that_is_revoked_meanwhile_files_nothing_more(trusted, hall):
    receipt = trusted.file([hire(hall)]).json()
    api_keys.revoke(trusted.key, by=hall.clerk(trusted.employer))
    work()
    assert not Enrolment.objects.exists()
    other = system_of(trusted.employer, name="新密钥")
    case = other.get(receipt["case"]).json()
    assert (case["status"], case["total"]) == ("needs_correction", 0)
    assert "密钥已吊销" in case["reason"]


def test_an_employer_that_is_suspended_meanwhile_files_nothing_more(trusted, hall):
    trusted.file([hire(hall)])
    Employer.objects.filter(pk=trusted.employer.id).update(state="suspended")
    work()
    assert not Enrolment.objects.exists() and "停办" in Intake.objects.get().reason


def test_a_lost_job_is_enqueued_again_and_doing_it_twice_files_once(trusted, hall):
    trusted.file([hire(hall)])
    sql.run("DELETE FROM procrastinate_jobs").close()
    assert intakes.wake() == 0, "it may still be on its way"
    with clock.fixed(clock.now() + 2 * intakes.PATIENCE):
        assert (intakes.wake(), intakes.wake()) == (1, 0)
    assert ProcrastinateJob.objects.filter(status="todo").count() == 1
    work()
    intakes.carry_out(Intake.objects.get().pk)
    assert Case.objects.get().moves.count() == 3 and Intake.objects.get().rows is None


def test_a_case_of_many_rows_is_processing_until_a_worker_has_handed_it_over(trusted, hall, monkeypatch):
    monkeypatch.setattr(errands, "MANY", 2)
    case = trusted.file([hire(hall) for _each in range(3)]).json()
    intakes.carry_out(Intake.objects.get().pk)
    assert trusted.get(case["case"]).json()["status"] == "processing"
    assert len(trusted.get("/cases", status="processing").json()["cases"]) == 1
    assert trusted.get("/cases", status="draft").json()["cases"] == []
    assert trusted.post(f"{case['case']}/submit").status_code == 409
    work()
    assert trusted.get(case["case"]).json()["status"] == "approved"


def test_a_case_of_many_rows_that_turned_bad_on_the_way_says_so(trusted, hall, monkeypatch):
    monkeypatch.setattr(errands, "MANY", 2)
    rows = [hire(hall) for _each in range(3)]
    case = trusted.file(rows).json()
    intakes.carry_out(Intake.objects.get().pk)
    other = hall.city.employer()
    person = people.ensure([people.Newcomer(IdNumber(rows[1]["id_number"]), "李小明", "scene", "")])
    hall.city.works(Person.objects.get(pk=person[rows[1]["id_number"]]), other, since=Month(2026, 1))
    work()
    held = trusted.get(case["case"]).json()
    assert (held["status"], held["bad"]) == ("needs_correction", 1) and "1 人" in held["reason"]


def test_a_case_that_somebody_took_back_meanwhile_stays_taken_back(trusted, hall):
    trusted.file([hire(hall)])
    cases.withdraw(Case.objects.get(), by=hall.clerk(trusted.employer))
    work()
    assert Case.objects.get().state == "withdrawn" and not Enrolment.objects.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "malformed"),
        (b"\xff", "malformed"),
        (b'{"rows": NaN}', "malformed"),
        (b'{"rows": [], "rows": []}', "malformed"),
        (b"[" * 100_000, "malformed"),
        (b'{"rows": ' + b"9" * 5000 + b"}", "malformed"),
        (b"[]", "invalid"),
        (b"{}", "invalid"),
        (b'{"rows": {}}', "invalid"),
        (b'{"rows": []}', "invalid"),
        (b'{"rows": 1e999999999}', "invalid"),
        (b'{"rows": ["\\ud800"], "\\ud800": 1}', "invalid"),
        (b'{"rows": [{"name": "\\u0000\\ud800"}], "submit": 1.5}', "invalid"),
    ],
)
def test_whatever_is_sent_is_answered_with_a_problem(trusted, body, code):
    answer = trusted.client.post(
        trusted.url("/services/enrol-employees/cases"),
        body,
        content_type="application/json",
        headers=trusted.headers | {"Idempotency-Key": "1"},
    )
    assert answer.json()["code"] == code and answer.status_code == answer.json()["status"]


def test_another_kind_of_body_and_one_that_is_too_large_are_refused(trusted, settings):
    path, headers = trusted.url("/services/enrol-employees/cases"), trusted.headers | {"Idempotency-Key": "1"}
    form = trusted.client.post(path, {"rows": "1"}, headers=headers)
    assert (form.status_code, form.json()["code"]) == (415, "not-json")
    settings.API_MOST_BYTES = 10
    large = trusted.client.post(path, b'{"rows": []}', content_type="application/json", headers=headers)
    assert (large.status_code, large.json()["code"]) == (413, "too-large")
    assert "请分成几个请求" in large.json()["detail"]


def test_more_rows_than_a_service_takes_are_refused_in_one_sentence(trusted, hall):
    rows = [{}] * 5001
    answer = trusted.post("/services/enrol-employees/check", {"rows": rows})
    assert faults(answer) == [("#/rows", "readable")] and "5000" in answer.json()["errors"][0]["sentence"]


def test_a_draft_of_the_pages_is_no_machines_to_hand_over_or_take_back(ordinary, hall):
    draft = hall.saved("enrol-employees", ordinary.employer)
    for deed in ("submit", "withdraw"):
        answer = ordinary.post(f"/cases/{draft.number}/{deed}")
        assert answer.status_code == 409 and "在网页上办的" in answer.json()["detail"]
    assert Case.objects.get().state == "draft"


def test_what_meets_a_busy_moment_waits_for_the_next(trusted, hall, monkeypatch):
    def busy(*args, **kwargs):
        raise Busy("有人正在办理")

    trusted.file([hire(hall)])
    with monkeypatch.context() as held:
        held.setattr(intakes.cases, "submit", busy)
        intakes.carry_out(Intake.objects.get().pk)
    assert (Intake.objects.get().done_at, Intake.objects.get().reason) == (None, "")
    intakes.carry_out(Intake.objects.get().pk)
    assert Intake.objects.get().done_at and Case.objects.get().state != "draft"


def test_whoever_has_a_draft_on_the_pages_for_the_same_person_is_told(ordinary, hall):
    row = hire(hall)
    draft = hall.saved("enrol-employees", ordinary.employer, row)
    told = [("other-draft", "id_number")]

    def notes(rows):
        found = [one for row in rows for one in row["notes"]]
        return [(one["rule"], one["field"]) for one in found if draft.number in one["sentence"]]

    checked = ordinary.post("/services/enrol-employees/check", {"rows": [row]}).json()
    assert notes(checked["rows"]) == told
    kept = ordinary.filed([row], submit=False)
    assert notes(ordinary.rows(kept)) == told
    ordinary.post(f"{kept['url']}/withdraw")
    submitted = ordinary.filed([row])
    assert notes(ordinary.rows(submitted)) == told
