"""A payroll system hands in photos and papers with what it files; they are looked at as on the pages."""

import base64

import pytest

from shebao.casework import review
from shebao.casework.models import Case, Material
from shebao.registry.models import Person
from tests.api.conftest import hire
from tests.jobs import work
from tests.services.photos import photo

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 scanned"


def encoded(content):
    return base64.b64encode(content).decode()


def picture(row=1, content=None, **other):
    content = photo().read() if content is None else content
    return {"name": "相片", "row": row, "filename": "相片.jpg", "content": encoded(content)} | other


def contract(content=PDF, **other):
    return {"name": "劳动合同", "filename": "合同.pdf", "content": encoded(content)} | other


def supplied(system, case, *papers):
    return system.post(case["papers_url"], {"papers": list(papers)})


def faults(answer):
    return [(one["pointer"], one["rule"]) for one in answer.json()["errors"]]


def test_a_hire_who_wants_a_card_is_filed_with_a_photo_and_takes_effect(trusted, hall):
    row = hire(hall, card=True)
    held = trusted.filed([row, hire(hall)])
    problem = trusted.rows(held, status="bad")[0]["problems"][0]
    assert (held["status"], problem["rule"], problem["field"]) == ("needs_correction", "material", "相片")
    answer = supplied(trusted, held, picture())
    assert answer.status_code == 200
    (paper,) = answer.json()["papers"]
    assert (paper["name"], paper["row"], paper["filename"]) == ("相片", 1, "相片.jpg")
    assert trusted.get(held["papers_url"]).json() == answer.json()
    assert trusted.get(held["url"]).json()["status"] == "draft"
    trusted.post(f"{held['url']}/submit")
    work()
    assert trusted.get(held["url"]).json()["status"] == "approved"
    assert Person.objects.get(id_number=row["id_number"]).photo.startswith(f"cases/{held['number']}/")


def test_the_service_says_which_papers_it_asks_for_and_how_they_must_be(trusted, ordinary):
    of_trusted = trusted.get("/services/enrol-employees").json()["materials"]
    (card,) = [one for one in of_trusted if one["name"] == "相片"]
    assert (card["per_row"], card["required"], card["brought"], card["kinds"]) == (True, True, False, ["jpg"])
    assert "358×441" in card["hint"]
    names = [one["name"] for one in ordinary.get("/services/enrol-employees").json()["materials"]]
    assert names == ["企业参保人员增员表", "劳动合同", "相片"]


def test_a_paper_of_the_whole_case_may_be_handed_in_instead_of_brought(ordinary, hall):
    case = ordinary.filed([hire(hall)], submit=False)
    assert supplied(ordinary, case, contract()).status_code == 200
    paper = Material.objects.get()
    with paper.file.open() as kept:
        assert (paper.row, paper.kind, kept.read()) == (None, "pdf", PDF)


def test_a_later_paper_takes_the_place_of_the_first_and_the_same_again_changes_nothing(ordinary, hall):
    case = ordinary.filed([hire(hall, card=True)], submit=False)
    first = supplied(ordinary, case, contract(), picture()).json()
    assert supplied(ordinary, case, contract(), picture()).json() == first
    assert Material.objects.count() == 2
    second = supplied(ordinary, case, contract(PDF + b" again")).json()["papers"]
    assert len(second) == 2 and {one["sha256"] for one in second} != {
        one["sha256"] for one in first["papers"]
    }
    assert Material.objects.filter(removed_at=None).count() == 2


def test_whatever_is_wrong_with_any_of_them_is_told_and_none_is_kept(trusted, ordinary, hall):
    case = ordinary.filed([hire(hall, card=True), hire(hall, card=True)], submit=False)
    answer = supplied(
        ordinary,
        case,
        picture(),
        picture(2, content=PDF),
        picture(2, content=photo(size=(10, 10)).read(), name="相片"),
        picture(row=None),
        contract(row=1),
        contract(name="学历证书"),
    )
    assert answer.status_code == 422
    assert faults(answer) == [
        ("#/papers/1/content", "file"),
        ("#/papers/2/name", "unique"),
        ("#/papers/2/content", "file"),
        ("#/papers/3/row", "required"),
        ("#/papers/4/row", "file"),
        ("#/papers/5/name", "file"),
    ]
    told = [one["sentence"] for one in answer.json()["errors"]]
    assert "只能是 JPG 文件" in told[0] and "358×441" in told[2] and "劳动合同" in told[5]
    assert answer.json()["errors"][0]["row"] == 2
    assert not Material.objects.exists()


def test_what_is_no_base64_is_refused_where_it_stands(ordinary, hall):
    case = ordinary.filed([hire(hall)], submit=False)
    answer = supplied(
        ordinary, case, contract(content=b"") | {"content": "不是编码"}, {"name": "劳动合同"}, 7
    )
    assert faults(answer) == [
        ("#/papers/0/content", "readable"),
        ("#/papers/1/filename", "required"),
        ("#/papers/1/content", "required"),
        ("#/papers/2", "readable"),
    ]


def test_a_row_that_is_not_there_or_settled_takes_no_paper(ordinary, hall):
    case = ordinary.filed([hire(hall), hire(hall)])
    review.decide(Case.objects.get(), {1: review.APPROVE, 2: review.send_back("要制卡")}, by=hall.officer())
    answer = supplied(ordinary, case, picture(9), picture(1))
    assert answer.status_code == 409
    assert faults(answer) == [("#/papers/0/row", "unknown-row"), ("#/papers/1/row", "settled")]


def test_what_is_submitted_takes_no_paper(ordinary, hall):
    case = ordinary.filed([hire(hall)])
    answer = supplied(ordinary, case, contract())
    assert answer.status_code == 409 and "已经提交审批" in answer.json()["detail"]


def test_a_clerks_or_another_employers_case_takes_none(ordinary, trusted, hall):
    draft = hall.saved("enrol-employees", ordinary.employer)
    assert ordinary.post(f"/cases/{draft.number}/papers", {"papers": [contract()]}).status_code == 409
    filed = ordinary.filed([hire(hall)], submit=False)
    assert supplied(trusted, filed, contract()).status_code == 404
    assert trusted.get(filed["papers_url"]).status_code == 404
    assert ordinary.get(f"/cases/{draft.number}/papers").json()["papers"] == []
