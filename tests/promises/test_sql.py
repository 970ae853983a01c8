"""SQL points down, as imports do: it reads tables of its own package or lower ones, and writes its own alone."""

import ast
import re
from pathlib import Path

from tests.promises.house import SHEBAO, layers, may_use, modules, package_of, place, tree

PACKAGES = "|".join(layers())
READ = re.compile(rf"\b(?:FROM|JOIN|USING|LIKE)\s+(?:ONLY\s+|LATERAL\s+)?\(?({PACKAGES})_\w+", re.I)
FURTHER = re.compile(rf",\s*({PACKAGES})_\w+\s+(?:AS\s+)?\w+\s*(?:,|WHERE\b|\n)", re.I)
WRITE = re.compile(
    r"\b(?:INSERT\s+INTO|(?<!FOR )UPDATE(?:\s+ONLY)?|DELETE\s+FROM(?:\s+ONLY)?|TRUNCATE(?:\s+TABLE)?|COPY|MERGE\s+INTO"
    r"|(?:ALTER|DROP|CREATE(?:\s+UNLOGGED)?)\s+TABLE(?:\s+IF(?:\s+NOT)?\s+EXISTS)?)"
    rf"\s+(?:public\.)?({PACKAGES})_\w+",
    re.I,
)
IN_PYTHON = re.compile(
    r"\bSELECT\b.*\bFROM\b|\bINSERT\s+INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b", re.S
)


def without_comments(text: str) -> str:
    return re.sub(r"--[^\n]*|/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), text, flags=re.S)


def sql_files() -> list[Path]:
    return sorted(SHEBAO.glob("**/*.sql"))


def line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def test_sql_reads_tables_of_its_own_package_or_a_lower_one():
    wrong = []
    for file in sql_files():
        text = without_comments(file.read_text())
        for pattern in (READ, FURTHER):
            for found in pattern.finditer(text):
                if not may_use(package_of(file), found[1].lower()):
                    wrong.append(f"{place(file)}:{line(text, found.start())} reads {found[0].split()[-1]}")
    assert not wrong


def test_sql_writes_tables_of_its_own_package_alone():
    wrong = []
    for file in sql_files():
        text = without_comments(file.read_text())
        for found in WRITE.finditer(text):
            if found[1].lower() != package_of(file):
                wrong.append(f"{place(file)}:{line(text, found.start())} writes {found[0].split()[-1]}")
    assert not wrong


def test_casework_sql_knows_no_table_of_insurance():
    insurance = re.compile(r"\b(policy|registry|ledger|assessment|benefits)_\w+")
    files = [file for file in sql_files() if package_of(file) == "casework"]
    assert not [place(file) for file in files if insurance.search(without_comments(file.read_text()))]


def test_sql_lives_in_sql_files():
    """Not in strings of Python, where no test of this page would see it."""
    wrong = []
    for file in modules():
        silent = {id(node.value) for node in ast.walk(tree(file)) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree(file)):
            text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent
            if text and IN_PYTHON.search(node.value):
                wrong.append(place(file, node))
    assert not wrong


def test_the_patterns_see_what_they_should():
    assert [found[1] for found in READ.finditer("FROM ledger_due d JOIN registry_person p")] == [
        "ledger",
        "registry",
    ]
    assert WRITE.search("INSERT INTO ledger_due (a)")[1] == "ledger"
    assert not WRITE.search("SELECT 1 FROM registry_person p FOR UPDATE OF p")
    assert without_comments("-- FROM ledger_due\nSELECT 1") == "\nSELECT 1"
