"""An administrator issues a key; the payroll system files with it; the clerk sees the case; the key is revoked."""

import json
import time
import urllib.request
from urllib.error import HTTPError

import pytest
from playwright.sync_api import expect

from tests.browser.trips import strangers

pytestmark = pytest.mark.browser


def asked(hall, secret, path, body=None):
    """A request of the payroll system: status and JSON."""
    headers = {
        "Authorization": f"Bearer {secret}",
        "Content-Type": "application/json",
        "Idempotency-Key": "1",
    }
    request = urllib.request.Request(
        f"{hall.address}{path}", json.dumps(body).encode() if body else None, headers
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)


def decided(hall, secret, case, patience=300):
    """What became of the case, asked for as a system would: again and again, with pauses."""
    for _each in range(patience * 2):
        found = asked(hall, secret, case)[1]
        if found["status"] not in ("processing", "submitted"):
            return found["status"]
        time.sleep(0.5)
    return found


def test_from_the_key_to_the_case_and_back(hall):
    page = hall.signed_in("donghu01").new_page()
    page.goto(f"{hall.address}/account/")
    page.get_by_role("link", name="接口密钥").click()
    page.get_by_label("给哪个系统用").fill("薪资系统")
    page.get_by_label("申报业务", exact=False).check()
    page.get_by_role("button", name="签发密钥").click()
    expect(page.get_by_text("只显示这一次").first).to_be_visible()
    secret = page.locator("#secret").input_value()
    row = {"id_number": str(strangers(1)[0]), "name": "李小明", "hired_on": "2026-11-02", "wage": "6500.00"}
    status, receipt = asked(hall, secret, "/api/v1/services/enrol-employees/cases", {"rows": [row]})
    assert status == 202, receipt
    assert decided(hall, secret, receipt["case"]) == "approved"
    page.goto(f"{hall.address}/filing/case/{receipt['number']}/status/")
    expect(page.get_by_text("结束").first).to_be_visible()
    expect(page.get_by_text("接口密钥“薪资系统”").first).to_be_visible()
    page.goto(f"{hall.address}/employer/api/")
    page.get_by_role("link", name="吊销").first.click()
    page.get_by_role("button", name="确定吊销").click()
    expect(page.get_by_text("立即失效").first).to_be_visible()
    status, refused = asked(hall, secret, "/api/v1/me")
    assert (status, refused["code"]) == (401, "key-revoked")
