"""A PDF from plain data, by a process of its own that a document can neither hold up nor fill.

What it costs to lay a document out is the document's affair, and documents come from people. The
process has limits on its memory and its time, knows nothing of the site, and is ended when nobody
waits for it any more.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings

from incidents.lib.supervising import ending

TEMPLATES = Path(__file__).parent / "typst"
FONT_PACKAGES = {
    "fontpkg_noto_sans": "files",
    "noto_cjk_sans_otc": "",
    "deckr_fonts": "fonts",
}
MEGABYTES = 500
SECONDS = 120
LOOK_EVERY = 0.05
REFUSED = 2
"""With which the process ends when the layout complains."""
LONGEST_WORDS = 300
QUOTED = re.compile(r"`.*?`|\"(?:[^\"\\\\]|\\\\.)*\"", re.DOTALL)


class CannotBeLaidOut(Exception):
    """The words are the layout's own complaint, or what became of its process."""


class Refused(CannotBeLaidOut):
    """By the layout: something in the data."""


def never() -> None:
    """Nobody asks to stop."""


def typeset(data: Any, path: Path, *, check: Callable[[], None] = never) -> None:
    """Write the PDF of `data`, in which `made_at` is its date in seconds since 1970.

    `check` is called several times a second, and stops it by what it raises. Raises
    `CannotBeLaidOut`.
    """
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        source = Path(folder) / "data.json"
        source.write_text(json.dumps(data), encoding="utf-8")
        complaint = Path(folder) / "complaint"
        command = [
            *(sys.executable, "-I", str(TEMPLATES / "child.py"), str(TEMPLATES)),
            *(*font_folders(), settings.EXPORT_FONTS, "--"),
            *(str(source), str(path), str(MEGABYTES), str(SECONDS)),
        ]
        with complaint.open("wb") as errors:
            process = subprocess.Popen(  # noqa: S603 (our own program)
                command, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, cwd=folder
            )
            try:
                code = wait_for(process, check)
            finally:
                process.kill()
                process.wait()
        if code == REFUSED:
            raise Refused(words_of(complaint))
        if code:
            raise CannotBeLaidOut(
                f"The process that lays out the pages ended ({ending(code)}); it may have"
                f" {MEGABYTES} MB and {SECONDS} seconds."
            )


def wait_for(process: "subprocess.Popen[bytes]", check: Callable[[], None]) -> int:
    until = time.monotonic() + SECONDS
    while True:
        try:
            return process.wait(LOOK_EVERY)
        except subprocess.TimeoutExpired:
            check()
        if time.monotonic() > until:
            raise CannotBeLaidOut(f"It took more than {SECONDS} seconds.")


def words_of(complaint: Path) -> str:
    """Without what it quotes: that is out of a record, and administrators read these words."""
    said = complaint.read_text(encoding="utf-8", errors="replace").strip()
    return QUOTED.sub("…", said)[:LONGEST_WORDS]


def font_folders() -> list[str]:
    """Where the fonts are that came with us. They are files of packages, which nothing imports."""
    found = []
    for package, folder in FONT_PACKAGES.items():
        spec = find_spec(package)
        if spec is not None and spec.origin:
            found.append(str(Path(spec.origin).parent / folder))
    return found
