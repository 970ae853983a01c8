"""A hall that really runs, for browsers: `bin/demo` with a folder, a port and a day of its own, and a small city."""

import json
import os
import re
import signal
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from shebao.foundation import postgres
from tests.browser import looking
from tests.identity.test_challenges import worked_out
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
TODAY = "2026-11-12"  # before the day by which papers must be at the office
EMPLOYERS = ("changqiao", "donghu", "qingchuan", "wangshan")
QUESTION = re.compile("[零一二三四五六七八九十]+[加减][零一二三四五六七八九十]+等于几？")


@dataclass
class Hall:
    """Where it is, whom it knows, and how its operator calls its commands."""

    address: str
    environment: dict[str, str]
    browser: Browser
    demo: subprocess.Popen
    database: str
    city: dict = field(default_factory=dict)
    sessions: dict[str, list] = field(default_factory=dict)

    def run(self, *words: str, expected: int = 0, patience: int = 600) -> str:
        """A command of the operator, such as `bin/books check`; answers what it printed. `patience` in seconds."""
        done = subprocess.run(
            words,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=patience,
            check=False,
        )
        assert done.returncode == expected, (
            f"{' '.join(words)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
        return done.stdout

    @contextmanager
    def worker_resting(self):
        """Jobs wait until the block ends, so that a page is seen while its job isn't done, however quick that is."""
        (worker,) = [pid for pid in children(self.demo.pid) if "procrastinate" in command(pid)]
        os.kill(worker, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(worker, signal.SIGCONT)

    def visitor(self, view: looking.View = looking.VIEWS[0], cookies: list | None = None) -> BrowserContext:
        """Somebody with this screen, whom nobody knows yet."""
        context = looking.context(self.browser, view, self.address)
        if cookies:
            context.add_cookies(cookies)
        return context

    def signed_in(self, username: str, view: looking.View = looking.VIEWS[0]) -> BrowserContext:
        """Somebody with an account, signed in once by the form."""
        if username not in self.sessions:
            context = self.visitor()
            log_in(context.new_page(), self.address, username, self.city["password"])
            self.sessions[username] = [one for one in context.cookies() if one["name"] == "sessionid"]
            context.close()
        return self.visitor(view, self.sessions[username])


def children(parent: int) -> list[int]:
    """The processes that this one has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def kind_of(username: str) -> str:
    if username.startswith("jiangan"):
        return "agency"
    return "employer" if username.startswith(EMPLOYERS) else "person"


def log_in(page: Page, address: str, username: str, password: str) -> None:
    page.goto(f"{address}/login/{kind_of(username)}/")
    page.get_by_label("身份证号码" if kind_of(username) == "person" else "用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.locator("main form").get_by_role("button", name="登录").click()
    expect(page.get_by_role("button", name="退出").first).to_be_visible()


def answer_the_question(page: Page) -> None:
    """Work out the sum in words, as people do."""
    question = QUESTION.search(page.locator("main").inner_text())[0]
    page.get_by_label(question).fill(str(worked_out(question)))


@contextmanager
def running(folder: Path, browser: Browser):
    """A hall with the scene set; it and all it started end with the block."""
    port = free_port()
    left_out = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment |= {
        "SHEBAO_VAR": str(folder / "var"),
        "SHEBAO_TODAY": TODAY,
        "SHEBAO_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
    }
    with (folder / "demo.log").open("w") as log:
        process = subprocess.Popen(
            ["bin/demo", "--port", str(port), "--no-demo-data"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        said = process.stdout.readline().strip()
        assert said == f"ready http://127.0.0.1:{port}", (said, (folder / "demo.log").read_text())
        hall = Hall(
            f"http://127.0.0.1:{port}", environment, browser, process, postgres.url(folder / "var/pg")
        )
        hall.city = json.loads(hall.run(".venv/bin/python", "-m", "tests.browser.scene"))
        yield hall
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=300)
        postgres.remove(folder / "var/pg")
