"""个人一般信息变更: what an employer may change of a person, what it is told otherwise, and what stays (EMP-9)."""

import pytest

from shebao.casework import cases, catalogue, papers
from shebao.casework.service import Wanted
from shebao.foundation.identifiers import IdNumber
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.notices.models import Notice
from shebao.portals.entry.archive import archived
from shebao.registry import enrolments
from shebao.registry.models import PersonChange
from shebao.registry.particulars import Ethnicity
from shebao.services import photos
from tests.identity import people
from tests.jobs import work
from tests.services.conftest import notes, problems, states
from tests.services.photos import photo

SERVICE = "change-personal-data"


@pytest.fixture
def worker(hall, ours):
    person = hall.city.person("赵立新", mobile="13100000001")
    hall.city.works(person, ours, since=Month(2026, 8))
    return person


def data(person, **other):
    return {
        "id_number": person.id_number,
        "name": person.name,
        "education": "",
        "marital_state": "",
        "ethnicity": "",
        "mobile": person.mobile,
        "phone": "",
        "hukou_place": "",
        "address": "",
        "new_photo": "否",
    } | other


def told(hall, employer, written, rule):
    return [s for found, s in problems(hall.saved(SERVICE, employer, written)) if found == rule]


class TestRefusals:
    def test_somebody_who_is_not_here(self, hall, worker):
        case = hall.saved(SERVICE, hall.city.employer(), data(worker, education="大学本科"))
        assert "unlisted" in [rule for rule, _s in problems(case)]

    def test_nothing_changed(self, hall, ours, worker):
        assert told(hall, ours, data(worker), "EMP-9/1") == ["没有任何变动，请先改好要变更的项目"]

    def test_a_name_is_not_changed_here(self, hall, ours, worker):
        case = hall.saved(SERVICE, ours, data(worker, name="赵立", education="20"))
        ((rule, sentence),) = problems(case)
        assert rule == "fixed" and "赵立新" in sentence

    @pytest.mark.parametrize(
        ("field", "written", "says"),
        [
            ("mobile", "12345", "手机号码"),
            ("phone", "123", "027-85551234"),
            ("ethnicity", "火星族", "不在可选的内容里"),
            ("address", "x", "看不出是哪里的地址"),
        ],
    )
    def test_what_cannot_be_read(self, hall, ours, worker, field, written, says):
        case = hall.saved(SERVICE, ours, data(worker, **{field: written}))
        assert [s for rule, s in problems(case) if rule == "readable" and says in s]

    def test_a_new_photo_must_come_along(self, hall, ours, worker):
        case = hall.saved(SERVICE, ours, data(worker, new_photo="是"))
        assert problems(case) == [("material", "请上传相片")]


class TestPhotos:
    @pytest.mark.parametrize(
        ("file", "says"),
        [
            (photo(size=(300, 400)), "相片应为 358×441 像素，这张是 300×400"),
            (photo(kilobytes=60), "相片文件应为 14 到 50 KB"),
            (photo(kilobytes=6), "相片文件应为 14 到 50 KB"),
            (photo(mode="L"), "彩色照片"),
        ],
    )
    def test_what_is_wrong_with_one_is_told(self, hall, ours, worker, file, says):
        case = hall.saved(SERVICE, ours, data(worker, new_photo="是"))
        file.seek(0)
        with pytest.raises(Unsettled, match=says):
            papers.attach(case, photos.NAME, file, by=hall.clerk(ours), row=case.rows.get())

    def test_half_a_file_is_none(self, hall, ours, worker):
        case = hall.saved(SERVICE, ours, data(worker, new_photo="是"))
        whole = photo()
        whole.file.truncate(9_000)
        whole.size = 9_000
        whole.seek(0)
        with pytest.raises(Unsettled, match="不完整"):
            papers.attach(case, photos.NAME, whole, by=hall.clerk(ours), row=case.rows.get())

    def test_a_good_one_is_put_on_file_and_the_old_one_stays_known(self, hall, ours, worker):
        clerk = hall.clerk(ours)
        case = hall.saved(SERVICE, ours, data(worker, new_photo="是"))
        papers.attach(case, photos.NAME, photo(), by=clerk, row=case.rows.get())
        cases.save(case, {1: data(worker, new_photo="是")}, by=clerk)
        cases.submit(case, by=clerk)
        work()
        case.refresh_from_db()
        assert states(case) == ["结束"]
        worker.refresh_from_db()
        assert worker.photo.startswith(f"cases/{case.number}/")
        assert PersonChange.objects.get(person=worker, field="photo").before == ""


class TestEffect:
    CHANGES = {
        "education": "大学本科",
        "marital_state": "已婚",
        "ethnicity": "土家族",
        "mobile": "13100000002",
        "phone": "027-85551234",
        "hukou_place": "武汉市江岸区示例路 1 号",
        "address": "武汉市洪山区示例路 2 号",
    }

    def test_everything_is_changed_and_what_stood_there_stays_known(self, hall, ours, worker):
        case = hall.submitted(SERVICE, ours, data(worker, **self.CHANGES))
        assert states(case) == ["结束"]
        worker.refresh_from_db()
        assert (worker.education, worker.marital_state, worker.ethnicity) == ("20", "20", Ethnicity.E15)
        assert (worker.mobile, worker.phone) == ("13100000002", "027-85551234")
        assert (worker.hukou_place, worker.address) == (self.CHANGES["hukou_place"], self.CHANGES["address"])
        kept = {one.field: (one.before, one.after) for one in PersonChange.objects.filter(person=worker)}
        assert kept["mobile"] == ("13100000001", "13100000002")
        assert set(kept) == set(self.CHANGES)
        assert {one.source for one in PersonChange.objects.all()} == {f"case:{case.number}/row:1"}

    def test_the_person_is_told(self, hall, ours, worker):
        hall.submitted(SERVICE, ours, data(worker, mobile="13100000002"))
        assert Notice.objects.filter(recipient=f"person:{worker.id}", code="particulars-changed").exists()

    def test_a_changed_mobile_is_pointed_out_before(self, hall, ours, worker):
        case = hall.saved(SERVICE, ours, data(worker, mobile="13100000002"))
        ((rule, sentence),) = notes(case)
        assert rule == "EMP-9/2" and "不能用来自主注册" in sentence

    def test_a_mobile_that_the_employer_wrote_is_no_proof_when_somebody_registers(self, hall, ours, worker):
        assert archived(IdNumber(worker.id_number)).mobile_proves
        hall.submitted(SERVICE, ours, data(worker, mobile="13100000002"))
        known = archived(IdNumber(worker.id_number))
        assert known.mobile == "13100000002"
        assert not known.mobile_proves

    def test_what_is_emptied_is_empty_and_known_to_have_been_there(self, hall, ours, worker):
        hall.submitted(SERVICE, ours, data(worker, mobile=""))
        worker.refresh_from_db()
        assert worker.mobile == ""
        assert PersonChange.objects.get(person=worker).before == "13100000001"


def test_the_form_opens_on_the_person_who_was_picked_with_what_is_on_file(hall, ours, worker):
    service = catalogue.service(SERVICE)
    clerk = hall.clerk(ours)
    blank = cases.blank(service, by=clerk)
    (line,) = service.offers(blank, Wanted()).lines
    case = cases.start(SERVICE, by=clerk, office_code=ours.office_id)
    cases.pick(case, {line.key: {}}, by=clerk)
    assert case.rows.get().raw["mobile"] == "13100000001"


def test_the_employer_reads_later_what_it_changed_and_nobody_elses_changes(hall, ours, worker, client):
    hall.submitted(SERVICE, ours, data(worker, education="大学本科"))
    client.force_login(people.clerk(employer_id=ours.id, office_code="420102"))
    said = client.get(f"/employer/roster/{worker.id}/").content.decode()
    assert "本单位办理的信息变更" in said and "大学本科" in said
    enrolments.close_many([enrolments.Leaver(worker.id, "resigned", "scene")], ours.id, ends=Month(2026, 11))
    theirs = hall.city.employer()
    hall.city.works(worker, theirs, since=Month(2026, 12))
    client.force_login(people.opened("other01", "employer", employer_id=theirs.id, office_code="420102"))
    assert "大学本科" not in client.get(f"/employer/roster/{worker.id}/").content.decode()


def test_there_are_56_ethnicities():
    assert len(Ethnicity.choices) == 56
    assert Ethnicity("01").label == "汉族" and Ethnicity("56").label == "基诺族"
