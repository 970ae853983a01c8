"""A stranger verifies: he drops the file, or types what is printed, and is told in words he understands."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.portals.verify import verification as page
from shebao.statements import issuance
from tests.statements.test_issuance import code_on

pytestmark = pytest.mark.django_db
URL = "/verify/"


@pytest.fixture(autouse=True)
def november():
    with clock.fixed(date(2026, 11, 22)):
        yield


@pytest.fixture
def issued(books):
    return issuance.issue(books.worker().id, Month(2025, 1), Month(2025, 12), by="account:7")


def dropped(client, data, name="对账单.pdf"):
    return client.post(URL, {"file": SimpleUploadedFile(name, data, "application/pdf")})


def told(answer):
    return re.search(r'<h2 id="vr">(.*?)</h2>', answer.content.decode())[1]


def test_the_file_as_issued_is_genuine_and_shows_what_it_certifies_half_covered(client, issued):
    answer = dropped(client, issuance.pdf_of(issued))
    assert told(answer) == "查验一致"
    text = answer.content.decode()
    assert issued.serial in text
    assert "2025-01 至 2025-12" in text
    assert "**********" in text


def test_one_changed_byte_is_told_at_once(client, issued):
    pdf = bytearray(issuance.pdf_of(issued))
    pdf[len(pdf) // 2] ^= 1
    assert told(dropped(client, bytes(pdf))) == "内容被改动"


def test_something_else_is_not_ours(client):
    assert told(dropped(client, b"%PDF-1.7 hello")) == "查无此件"
    assert told(dropped(client, b"", "空.pdf")) == "查无此件"


def test_serial_and_code_of_a_printed_page_are_enough(client, issued):
    answer = client.post(URL, {"serial": issued.serial.lower(), "code": code_on(issued)})
    assert told(answer) == "查验一致"


def test_the_qr_code_fills_the_form_in_and_decides_nothing_by_itself(client, issued):
    answer = client.get(URL, {"serial": issued.serial, "code": code_on(issued)})
    assert f'value="{issued.serial}"' in answer.content.decode()
    assert 'id="vr"' not in answer.content.decode()


def test_a_revoked_statement_says_so_with_its_reason(client, issued):
    issuance.revoke(issued, "基数登记有误", by="account:900")
    answer = dropped(client, issuance.pdf_of(issued))
    assert told(answer) == "已作废"
    assert "基数登记有误" in answer.content.decode()


def test_empty_fields_are_all_named_at_once(client):
    text = client.post(URL, {"serial": "", "code": ""}).content.decode()
    assert "请填写对账单右上角的编号" in text
    assert "请填写编号下面的验证码" in text
    assert "请先选择对账单的 PDF 文件" in client.post(URL, {}).content.decode()


def test_whoever_guesses_codes_is_slowed_down_and_may_still_check_files(client, issued):
    for _ in range(page.GUESSES.free):
        assert client.post(URL, {"serial": issued.serial, "code": "AAAA-BBBB-CCCC-DDDD"}).status_code == 200
    slowed = [client.post(URL, {"serial": issued.serial, "code": "AAAA-BBBB-CCCC-DDDD"}) for _ in range(2)]
    assert slowed[-1].status_code == 429
    assert "查验次数过多" in slowed[-1].content.decode()
    assert told(dropped(client, issuance.pdf_of(issued))) == "查验一致"


def test_the_owner_sees_that_somebody_checked(client, issued):
    dropped(client, issuance.pdf_of(issued))
    (lookup,) = issuance.lookups_of(issued.person_id)
    assert lookup.serial == issued.serial


def test_the_address_in_the_qr_code_leads_here(client, issued):
    url = issuance.verification_url(issued.serial, code_on(issued))
    answer = client.get(url.partition("example")[2], follow=True)
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == reverse("verify")


def test_dropping_files_without_end_is_slowed_down(client, issued, monkeypatch):
    monkeypatch.setattr(page, "FILES", page.throttle.Limit(free=1, window=page.FILES.window))
    pdf = issuance.pdf_of(issued)
    assert dropped(client, pdf).status_code == 200
    refused = dropped(client, pdf)
    assert refused.status_code == 429
    assert "核对文件次数过多" in refused.content.decode()
