"""The body of bin/demo: database, city, web server and job worker, started in this order and stopped in the other.

Whatever kills this program, its children end with it (the kernel sees to that), and the next start mends the rest:
the database recovers by itself, and a city that was only half made is made anew.
"""

import argparse
import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("SHEBAO_VAR") or ROOT / "var").absolute()
LOGS = VAR / "log"
HALF_MADE = VAR / "demo-city.half-made"


def main() -> None:
    asked = arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    os.environ.setdefault("SHEBAO_URL", f"http://127.0.0.1:{asked.port}")
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    children = []
    try:
        lock = only_one()
        free(asked.port)
        prepare(asked)
        children = [web_server(asked.port), job_worker()]
        address = f"http://127.0.0.1:{asked.port}"
        wait_for(f"{address}/healthz", children)
        print(f"ready {address}", flush=True)
        command("demo_logins", if_there=True)
        print(f"Logs are in {LOGS}. Ctrl-C stops everything.", flush=True)
        watch(children)
    except KeyboardInterrupt:
        say("Stopping ...")
    finally:
        for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signal_number, signal.SIG_IGN)
        for child in reversed(children):
            child.stop()
    del lock


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/demo", description="A demo city on this machine. Ctrl-C stops it."
    )
    parser.add_argument("--port", type=int, default=8000, help="on 127.0.0.1 (default 8000)")
    parser.add_argument("--people", type=int, help="how many people the city has (default 20,000)")
    parser.add_argument("--fresh", action="store_true", help="delete the demo's database and uploads first")
    parser.add_argument("--no-demo-data", action="store_true", help="an empty hall: policies, but no city")
    asked = parser.parse_args()
    if asked.fresh and os.environ.get("DATABASE_URL"):
        parser.error(
            "--fresh deletes the embedded database only; DATABASE_URL names another, which stays as it is"
        )
    return asked


def only_one():
    """Two demos of one folder would share everything but the port."""
    VAR.mkdir(parents=True, exist_ok=True)
    LOGS.mkdir(exist_ok=True)
    lock = (VAR / ".demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("A demo of this folder is already running; stop it first (Ctrl-C in its window).")
    return lock


def free(port: int) -> None:
    """The children of a demo that was killed may need a moment to let go of the port."""
    deadline = time.monotonic() + 30
    while True:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
                return
            except OSError:
                if time.monotonic() > deadline:
                    sys.exit(f"Port {port} is taken by another program: bin/demo --port {port + 1}")
        time.sleep(0.2)


def prepare(asked: argparse.Namespace) -> None:
    """Database, tables, policies, city, static files. Each step does nothing where all is there."""
    from shebao.foundation import postgres

    embedded = not os.environ.get("DATABASE_URL")
    if asked.fresh or (embedded and HALF_MADE.exists()):
        say("Deleting the demo's database ...")
        postgres.remove(VAR / "pg")
        shutil.rmtree(VAR / "uploads", ignore_errors=True)
        HALF_MADE.unlink(missing_ok=True)

    import django
    from django.core.management import get_commands
    from django.db import connection

    if embedded:
        say("Starting PostgreSQL ...")
        postgres.hold(VAR / "pg")
    django.setup()
    command("migrate", verbosity=0, interactive=False)
    missing = HALF_MADE.exists() or city_is_missing()
    wanted = not asked.no_demo_data and "demo_city" in get_commands()
    # The years for which no figure was found are filled with made-up ones; pages say so.
    if changed("policies", ROOT / "policies", ROOT / "shebao" / "policy") or missing or not embedded:
        command("policies", "load", synthetic=wanted or not missing, stdout=sys.stderr)
    if wanted and missing:
        say("Making the demo city; this takes about a minute ...")
        size = {"people": asked.people} if asked.people else {}
        half = {"fresh": True} if HALF_MADE.exists() else {}
        HALF_MADE.touch()
        command("demo_city", stdout=sys.stderr, **size, **half)
        HALF_MADE.unlink()
    command("keys", stdout=sys.stderr)
    if changed("static", ROOT / "shebao" / "pages" / "static", ROOT / "config" / "settings", VAR / "static"):
        command("collectstatic", verbosity=0, interactive=False)
        changed("static", ROOT / "shebao" / "pages" / "static", ROOT / "config" / "settings", VAR / "static")
    connection.close()


def changed(name: str, *folders: Path) -> bool:
    """Whether the files of these folders are others than when this was last asked; so that a second start is quick."""
    found = sorted(
        (str(file.relative_to(folder)), file.stat().st_size, file.stat().st_mtime_ns)
        for folder in folders
        for file in folder.rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    )
    stamp, now = VAR / f"{name}.stamp", hashlib.sha256(repr(found).encode()).hexdigest()
    same = stamp.exists() and stamp.read_text() == now
    stamp.write_text(now)
    return not same


def city_is_missing() -> bool:
    from django.db import connection

    if "registry_person" not in connection.introspection.table_names():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT FROM registry_person)")
        return cursor.fetchone()[0]


def command(name: str, *words: str, if_there: bool = False, **options) -> None:
    from django.core.management import call_command, get_commands

    if not if_there or name in get_commands():
        call_command(name, *words, **options)


class Child:
    """A program that must run as long as this one does: begun again if it dies, ended when this one ends."""

    def __init__(self, name: str, program: list[str]):
        self.name, self.program = name, program
        self.log = LOGS / f"{name}.log"
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.program,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal comes to this program only
                preexec_fn=end_with_parent,  # noqa: PLW1509  (this program has one thread)
            )

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


_libc = ctypes.CDLL(None)


def end_with_parent() -> None:
    _libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def web_server(port: int) -> Child:
    program = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    program += ["--workers", "2", "--blocking-threads", "4", "--blocking-threads-idle-timeout", "600"]
    program += ["--respawn-failed-workers", "--workers-kill-timeout", "10", "config.wsgi:application"]
    return Child("web", program)


def job_worker() -> Child:
    return Child("worker", [sys.executable, "-m", "config", "procrastinate", "worker", "--concurrency", "2"])


def wait_for(url: str, children: list[Child]) -> None:
    """Until the hall answers. The proxy of the environment must not be asked about this machine's own ports."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 600  # a machine may be busy; a child that fails ends this at once
    while time.monotonic() < deadline:
        for child in children:
            if child.process.poll() is not None:
                lines = child.log.read_text(errors="replace").splitlines()[-20:]
                sys.exit("\n".join([f"The {child.name} did not start; the end of {child.log}:", *lines]))
        with suppress(urllib.error.URLError, OSError), direct.open(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    sys.exit(f"{url} did not answer within ten minutes; see {LOGS}")


def watch(children: list[Child]) -> None:
    while True:
        time.sleep(1)
        for child in children:
            if child.process.poll() is not None:
                say(f"The {child.name} ended ({child.process.returncode}) and is started again.")
                child.start()


def say(*words: str) -> None:
    print(*words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
