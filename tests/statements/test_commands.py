"""The command line, as other programs use it."""

import json
import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from shebao.foundation.months import Month
from shebao.statements import issuance
from tests.promises.house import ROOT


def verify(*words: object) -> tuple[int, dict]:
    out = StringIO()
    code = 0
    try:
        call_command("verify", *map(str, words), stdout=out)
    except SystemExit as ended:
        code = ended.code
    return code, json.loads(out.getvalue())


@pytest.fixture
def file(signed, tmp_path):
    path = tmp_path / "statement.pdf"
    path.write_bytes(signed)
    return path


def test_a_statement_is_made_and_verified(books, tmp_path):
    person = books.worker(months="2025-01 2025-12")
    out = tmp_path / "out.pdf"
    call_command(
        "statement", id_number=person.id_number, first="2025-01", last="2025-12", out=out, stdout=StringIO()
    )
    code, said = verify(out)
    assert (code, said["verdict"]) == (0, "genuine")
    assert said["certified"]["name"] == "李*明"


def test_an_unknown_person_is_refused_with_a_sentence(db, tmp_path):
    with pytest.raises(CommandError, match="没有身份证号码"):
        call_command(
            "statement", id_number="420106198804120031", first="2025-01", last="2025-12", out=tmp_path / "x"
        )
    assert not (tmp_path / "x").exists()


def test_a_month_that_is_none_is_refused(db, tmp_path):
    with pytest.raises(CommandError, match="2025-13"):
        call_command(
            "statement", id_number="420106198804120031", first="2025-13", last="2025-12", out=tmp_path / "x"
        )


def test_a_file_that_cannot_be_written_is_said_so(books, tmp_path):
    person = books.worker(months="2025-01 2025-12")
    with pytest.raises(CommandError, match="写不了文件"):
        call_command(
            "statement",
            id_number=person.id_number,
            first="2025-01",
            last="2025-12",
            out=tmp_path / "no" / "x",
        )
    assert not issuance.of_person(person.id), "a statement that reached nobody must not be valid"


def test_revoked_is_not_zero(books, tmp_path):
    statement = issuance.issue(books.worker().id, Month(2025, 1), Month(2025, 12), by="account:1")
    issuance.revoke(statement, "测试", by="account:1")
    path = tmp_path / "s.pdf"
    path.write_bytes(issuance.pdf_of(statement))
    code, said = verify(path)
    assert (code, said["verdict"], said["reason"]) == (1, "revoked", "测试")


def test_offline_asks_no_database(file, key_folder):
    """The marker of this test is missing on purpose: a query would be an error."""
    code, said = verify(file, "--offline", "--certificate", key_folder / "authority.pem")
    assert (code, said["verdict"]) == (0, "genuine")


def test_offline_needs_neither_server_nor_keys(file, key_folder, tmp_path):
    program = [
        sys.executable,
        "-m",
        "config",
        "verify",
        file,
        "--offline",
        "--certificate",
        key_folder / "authority.pem",
    ]
    nowhere = os.environ | {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "SHEBAO_KEYS": str(tmp_path / "no-keys"),
        "PYTHONPATH": str(ROOT),
    }
    run = subprocess.run(program, env=nowhere, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["verdict"] == "genuine"


def test_a_changed_byte_is_not_zero(file, key_folder):
    content = bytearray(file.read_bytes())
    content[5000] ^= 1
    file.write_bytes(content)
    code, said = verify(file, "--offline", "--certificate", key_folder / "authority.pem")
    assert (code, said["verdict"]) == (1, "altered")


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(CommandError, match="nothing.pdf"):
        call_command("verify", str(tmp_path / "nothing.pdf"), "--offline")


def test_a_certificate_that_is_none_is_said_so(file):
    with pytest.raises(CommandError, match="not a readable certificate"):
        call_command("verify", str(file), "--offline", "--certificate", str(file))


def test_keys_are_made_once(settings, tmp_path):
    settings.KEYS = tmp_path / "fresh"
    first, second = StringIO(), StringIO()
    call_command("keys", stdout=first)
    call_command("keys", stdout=second)
    assert len(first.getvalue().splitlines()) == 4
    assert second.getvalue() == ""
