"""Where this machine's Chromium is, for tests and pictures of pages."""

import os
import shutil

# As root, Chromium's own sandbox can't start; without the rest it calls its makers' hosts at every start.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """The path of Chromium, or None. SHEBAO_CHROMIUM names another one."""
    named = os.environ.get("SHEBAO_CHROMIUM")
    return named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
