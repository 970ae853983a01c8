"""A promise that only a run can keep: every check of every service speaks in one of the services' own tests, and that
test quotes its sentence.

Loaded as a plugin. While tests/services run, each check notes who heard it; once the whole folder has run and passed,
the checks that nobody heard, or nobody quoted, fail the run. A part of the folder is not judged.
"""

import ast
import os
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, wraps
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "services"
SHORTEST = 6  # characters of a sentence that a test must quote

Heard = dict[str, set[tuple[str, str]]]  # check → (test file, sentence)
_heard: Heard = defaultdict(set)
_wholly = pytest.StashKey[
    bool
]()  # whether every file of the folder was collected, and none of its tests left out
_unheard = pytest.StashKey[list[str]]()


def _name(service, check) -> str:
    return f"{service.code}: {check.rule} {check.wrong.__qualname__} on {check.field}"


def _listening(name: str, wrong):
    @wraps(wrong)
    def wrong_and_noted(row, known, case):
        sentence = wrong(row, known, case)
        if sentence:
            file = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]
            _heard[name].add((Path(file).name if "tests/services/" in file else "", str(sentence)))
        return sentence

    return wrong_and_noted


@pytest.fixture(scope="session", autouse=True)
def _listen():
    from shebao.services.catalogue import SERVICES

    for service in SERVICES:
        for check in service.checks:
            object.__setattr__(check, "wrong", _listening(_name(service, check), check.wrong))


@cache
def _quotes(file: str) -> tuple[str, ...]:
    """What a test file says in its strings."""
    tree = ast.parse((FOLDER / file).read_text())
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return tuple(text for text in found if isinstance(text, str) and len(text) >= SHORTEST)


def unheard(heard: Heard) -> Iterator[str]:
    """Which checks no test of the folder has heard, and which it heard without quoting them."""
    from shebao.services.catalogue import SERVICES

    for service in SERVICES:
        for check in service.checks:
            said = [(file, sentence) for file, sentence in heard[_name(service, check)] if file]
            if not said:
                yield f"{_name(service, check)}: no test meets it"
            elif not any(quote in sentence for file, sentence in said for quote in _quotes(file)):
                yield f"{_name(service, check)}: no test quotes “{said[0][1]}”"


def pytest_collection_finish(session):
    there = {file.name for file in FOLDER.glob("test_*.py")}
    here = {item.path.name for item in session.items if item.path.parent == FOLDER}
    chosen = session.config.option.keyword or session.config.option.markexpr
    session.config.stash[_wholly] = there <= here and not chosen


def pytest_sessionfinish(session, exitstatus):
    config = session.config
    wholly = config.stash.get(_wholly, False)
    if hasattr(config, "workeroutput"):
        config.workeroutput["heard"] = {name: sorted(said) for name, said in _heard.items()}
        config.workeroutput["wholly"] = wholly
    elif wholly and exitstatus == pytest.ExitCode.OK:
        config.stash[_unheard] = list(unheard(_heard))
        if config.stash[_unheard]:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """What a worker process heard, told to the one that judges."""
    output = getattr(node, "workeroutput", {})
    for name, said in output.get("heard", {}).items():
        _heard[name] |= {tuple(one) for one in said}
    if "wholly" in output:
        node.config.stash[_wholly] = output["wholly"]


def pytest_terminal_summary(terminalreporter):
    wrong = terminalreporter.config.stash.get(_unheard, [])
    if wrong:
        terminalreporter.section("Refusals without a test in tests/services", red=True)
        for line in wrong:
            terminalreporter.write_line(line)
