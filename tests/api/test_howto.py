"""Every command of docs/howto/payroll-api.md and of the page for programmers does what it says."""

import re
import shlex
from pathlib import Path

import pytest

from shebao.api import manual
from shebao.casework.models import Case
from tests.api.test_papers import encoded
from tests.jobs import work
from tests.services.photos import photo

pytestmark = pytest.mark.django_db
HOWTO = Path(__file__).resolve().parents[2] / "docs/howto/payroll-api.md"
HOST = "http://127.0.0.1:8000"


def commands(text):
    """The curl commands in the shell blocks of a page."""
    blocks = "".join(re.findall(r"```sh\n(.*?)```", text, re.S)).replace("\\\n", " ")
    return [line for line in blocks.splitlines() if line.startswith("curl ")]


def typed(system, command):
    """What curl would do."""
    known = {
        "$SHEBAO_KEY": system.secret,
        "$CASE": latest(),
        "'$(base64 -w0 photo.jpg)'": encoded(photo().read()),
    }
    command = command.replace("\\\n", " ")
    command = command.partition(" > ")[0]
    for name, value in known.items():
        command = command.replace(name, value)
    words = shlex.split(command)[1:]
    method, headers, body, address = "", {}, None, ""
    while words:
        match words.pop(0):
            case "-H":
                name, _colon, value = words.pop(0).partition(": ")
                headers[name] = value
            case "-d":
                body = words.pop(0)
            case "-X":
                method = words.pop(0)
            case "-i":
                pass
            case word:
                address = word
    assert address.startswith(HOST), address
    kind = headers.pop("Content-Type", "")
    method = method or ("GET" if body is None else "POST")
    return system.client.generic(
        method, address.removeprefix(HOST), body or "", content_type=kind, headers=headers
    )


def latest():
    """The number in the last receipt."""
    return str(Case.objects.order_by("-id").first() or "")


def test_the_commands_of_the_howto_work_one_after_the_other(trusted):
    answers = []
    for command in commands(HOWTO.read_text()):
        answers.append(typed(trusted, command))
        work()
    assert [answer.status_code for answer in answers] == [*[200] * 4, 202, *[200] * 2, 202, *[200] * 8]
    check, filed, found, held, mended = answers[3], answers[4], answers[5], answers[7], answers[8]
    assert check.json()["good"] == 1
    (case,) = found.json()["cases"]
    assert (case["number"], case["status"]) == (filed.json()["number"], "approved")
    assert mended.json()["correct_url"].endswith(f"/{held.json()['number']}/rows")
    assert trusted.get(held.json()["case"]).json()["status"] == "approved"


def test_the_samples_of_the_page_work(trusted):
    for _title, command in manual.samples(f"{HOST}/api/v1"):
        assert typed(trusted, command).status_code in (200, 202), command


def test_the_howto_names_every_status():
    text = HOWTO.read_text()
    assert all(f"`{status}`" in text for status, _word, _meaning in manual.statuses())
