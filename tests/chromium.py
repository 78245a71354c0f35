"""The machine's own Chromium, which the browser tests drive; none is ever downloaded."""

import os
import shutil

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The program named by CHROMIUM; without it the first on the PATH."""
    named = os.environ.get("CHROMIUM")
    candidates = (named,) if named else PROGRAMS
    return next((path for program in candidates if (path := shutil.which(program))), None)
