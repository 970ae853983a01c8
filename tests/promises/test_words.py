"""The glossary names every model, and no model that there is not; each package stands on the map."""

import ast
import re
from pathlib import Path

from django.apps import apps

from tests.promises.house import modules, package_of, place, tree

ROOT = Path(__file__).resolve().parents[2]
# Words of the glossary that are values or declarations, not tables.
NOT_TABLES = {"Party", "Scheme", "Service", "Acting", "Month", "Unit"}


def named() -> set[str]:
    rows = [line for line in (ROOT / "docs/glossary.md").read_text().splitlines() if line.startswith("|")]
    return {name for row in rows for name in re.findall(r"`([A-Z]\w+)`", row.split("|")[2])}


def models() -> set[str]:
    return {model.__name__ for model in apps.get_models() if model.__module__.startswith("shebao.")}


def test_every_model_has_a_line_in_the_glossary():
    assert not models() - named()


def test_every_name_in_the_glossary_exists():
    assert not named() - models() - NOT_TABLES


def test_every_package_stands_on_the_map_once():
    there = [path.name for path in (ROOT / "shebao").iterdir() if (path / "__init__.py").exists()]
    mapped = re.findall(r"^\| `shebao/(\w+)`", (ROOT / "docs/map.md").read_text(), re.M)
    assert sorted(there) == sorted(mapped)


CHINESE = re.compile("[\u4e00-\u9fff]")
TRANSLATED = {"_", "_l", "lazy", "gettext", "gettext_lazy", "ngettext"}


def untranslated(call: ast.AST) -> bool:
    """Whether Chinese stands in it that doesn't go through gettext."""
    if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in TRANSLATED:
        return False
    if isinstance(call, ast.Constant):
        return isinstance(call.value, str) and bool(CHINESE.search(call.value))
    return any(untranslated(part) for part in ast.iter_child_nodes(call))


def test_every_sentence_that_refuses_something_is_translated():
    """But for what the operator of the machine reads: commands, policy files, and mistakes of programmers."""
    wrong = []
    for file in modules():
        if "management" in file.parts or package_of(file) == "policy":
            continue
        for node in ast.walk(tree(file)):
            raised = isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
            if raised and ast.unparse(node.exc.func) != "ValueError" and untranslated(node.exc):
                wrong.append(place(file, node))
    assert not wrong


def test_decisions_are_numbered_one_by_one_and_say_their_number():
    pages = sorted(path for path in (ROOT / "docs/adr").glob("*.md") if path.name != "README.md")
    assert [int(path.name[:4]) for path in pages] == list(range(1, len(pages) + 1))
    for path in pages:
        assert path.read_text().startswith(f"# {int(path.name[:4])}. "), path.name


def test_decisions_that_are_named_exist():
    there = {path.name[:4] for path in (ROOT / "docs/adr").glob("0*.md")}
    files = [
        *(ROOT / "shebao").rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "docs").rglob("*.md"),
    ]
    named = {number for file in files for number in re.findall(r"docs/adr/(\d{4})", file.read_text())}
    assert named <= there
