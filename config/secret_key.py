"""A demo's secret key: random, made once, kept in a file only its owner can read."""

import os
import secrets
from pathlib import Path


def kept_in(file: Path) -> str:
    """Read the key, or make it first. Two processes that make it at once end up with the same one."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            os.link(draft, file)  # unlike a rename this fails if another was first
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text()
