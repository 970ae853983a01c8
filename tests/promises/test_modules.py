"""Modules are small, named after nouns, alike in shape; time comes from the clock and jobs from one call."""

import ast
import re

from tests.promises.house import ROOT, SHEBAO, imports, modules, package_of, place, tree

SAYS_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "core",
    "manager",
    "managers",
    "misc",
    "services",
}
LONGEST = 450


def test_no_module_is_longer_than_one_can_hold_in_mind():
    sizes = {place(file): len(file.read_text().splitlines()) for file in modules()}
    assert not {name: size for name, size in sizes.items() if size > LONGEST}


def test_no_module_has_a_name_that_says_nothing():
    folders = {folder for file in modules() for folder in file.relative_to(SHEBAO).parents}
    assert not [place(file) for file in modules() if file.stem in SAYS_NOTHING]
    assert not [folder for folder in folders if folder.name in SAYS_NOTHING - {"services"}]
    assert not [folder for folder in folders if folder.name == "services" and len(folder.parts) > 1]


def test_every_package_says_what_it_is_for():
    assert not [place(file) for file in SHEBAO.glob("*/__init__.py") if not ast.get_docstring(tree(file))]


def test_only_the_clock_asks_what_day_it_is():
    """So that tests, the demo and a rerun of an old month can say what day it is."""
    asking = re.compile(
        r"\b(?:date\.today\(|datetime\.(?:now|today|utcnow)\(|timezone\.now\(|(?:localdate|localtime)\(\))"
    )
    wrong = []
    for file in modules():
        if package_of(file) != "foundation" and asking.search(file.read_text()):
            wrong.append(place(file))
    assert not wrong


def test_no_signal_calls_up():
    """When X happens also do Y: Y is said in the deed or on the timetable, where a reader finds it."""
    wrong = []
    for file in modules():
        used = {name for name in imports(file) if ".signals." in name or name.startswith("django.dispatch")}
        if used - {"django.core.signals.request_finished", "django.core.signals.request_started"}:
            wrong.append(f"{place(file)}: {', '.join(sorted(used))}")
    assert not wrong


def is_job(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(decorator).startswith("app.task") for decorator in function.decorator_list)


def jobs():
    for file in [*SHEBAO.glob("*/tasks.py"), ROOT / "config/tasks.py"]:
        for node in tree(file).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield file, node


def test_a_job_is_one_call():
    """What it does can then be called and tested without the queue."""
    wrong = []
    for file, job in jobs():
        body = [
            node
            for node in job.body
            if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ]
        values = [getattr(node, "value", None) for node in body]
        values = [value.value if isinstance(value, ast.Await) else value for value in values]
        if not is_job(job) or len(values) != 1 or not isinstance(values[0], ast.Call):
            wrong.append(place(file, job))
    assert not wrong


def test_every_queue_has_a_worker_in_deploy():
    named = set()
    for _, job in jobs():
        for decorator in job.decorator_list:
            words = getattr(decorator, "keywords", [])
            named |= {ast.literal_eval(word.value) for word in words if word.arg == "queue"} or {"default"}
    starts = re.findall(r"^ExecStart=.*procrastinate worker.*$", units(), re.M)
    served = set()
    for start in starts:
        only = re.search(r"--queues[= ](\S+)", start)
        served |= set(only[1].split(",")) if only else named
    assert starts and named <= served


def units() -> str:
    return "\n".join(file.read_text() for file in (ROOT / "deploy").glob("*.service"))


def test_services_do_not_import_each_other():
    declared = {
        f"shebao.services.{file.stem}": file
        for file in (SHEBAO / "services").glob("*.py")
        if any(
            isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SERVICE"
            for node in tree(file).body
        )
    }
    wrong = []
    for name, file in declared.items():
        others = [other for other in declared if other != name]
        wrong += [
            f"{place(file)} imports {used}"
            for used in imports(file)
            if any(used == other or used.startswith(other + ".") for other in others)
        ]
    assert not wrong


def test_everything_on_the_timetable_is_a_job_with_a_reason():
    from procrastinate.contrib.django import app

    from config.timetable import TIMETABLE

    assert not [turn.task for turn in TIMETABLE if turn.task not in app.tasks or not turn.why]
