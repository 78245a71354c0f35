"""Lays out one document, in a process that has no more memory, time and files than it needs.

    python -I child.py TEMPLATES FONTS… -- DATA OUT MEGABYTES SECONDS

Started by `incidents.exports.typesetting`, and standing alone: nothing of the site is loaded here.
DATA is a JSON file, which the template gets as a value and never as its text. It ends with 0 when
OUT is written; with 2 and the layout's complaint on stderr when that cannot be laid out.
"""

import ctypes
import json
import os
import re
import resource
import signal
import sys
from pathlib import Path
from typing import Any

import typst

PR_SET_PDEATHSIG = 1
ROUNDS = 4
REFUSED = 2
UNSHOWN = re.compile(r'the text `"(?P<text>.*?)"` could not be displayed', re.DOTALL)
DISALLOWED = re.compile(r'disallowed codepoint `"(?P<text>.*?)"`', re.DOTALL)
ESCAPED = re.compile(r"\\u\{(?P<code>[0-9a-f]+)\}|\\(?P<char>.)", re.DOTALL)
NAMED = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


def be_small(megabytes: int, seconds: int) -> None:
    if sys.platform == "linux":
        # Whoever waits for the result is gone: nobody else would stop this.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    most = megabytes * 1024 * 1024
    for kind, limit in (
        (resource.RLIMIT_DATA, most),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        lower = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (lower, lower))


def lay_out(data: Any, templates: Path, fonts: list[str]) -> bytes:
    """Characters for which no font has a shape are shown by their numbers: [U+0E44].

    PDF/UA demands that every character can be shown, and the complaint names those that cannot.
    """
    own = typst.Fonts(include_system_fonts=False, font_paths=fonts[:-1])
    found = own
    for _ in range(ROUNDS):
        try:
            return compiled(data, templates, found)
        except typst.TypstError as error:
            lacking = unshown(str(error.diagnostic))
            if not lacking:
                raise
        if found is own and fonts[-1] and Path(fonts[-1]).is_dir():
            # Those of the machine only where they are needed: what they look like varies.
            found = typst.Fonts(include_system_fonts=False, font_paths=fonts)
        else:
            data = numbered(data, lacking)
    return compiled(data, templates, found)


def compiled(data: Any, templates: Path, fonts: typst.Fonts) -> bytes:
    pdf = typst.compile(
        str(templates / "report.typ"),
        root=str(templates),
        font_paths=fonts,
        sys_inputs={"data": json.dumps(data)},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=data["made_at"],
    )
    return bytes(pdf)


def unshown(complaint: str) -> set[str]:
    texts = [*UNSHOWN.findall(complaint), *DISALLOWED.findall(complaint)]
    return {letter for text in texts for letter in ESCAPED.sub(unescaped, text)} - {" "}


def unescaped(found: re.Match[str]) -> str:
    if found["code"]:
        return chr(int(found["code"], 16))
    return NAMED.get(found["char"], found["char"])


def numbered(data: Any, letters: set[str]) -> Any:
    if isinstance(data, str):
        if letters.isdisjoint(data):
            return data
        return "".join(f"[U+{ord(each):04X}]" if each in letters else each for each in data)
    if isinstance(data, dict):
        return {name: numbered(value, letters) for name, value in data.items()}
    return [numbered(each, letters) for each in data] if isinstance(data, list) else data


def main(arguments: list[str]) -> int:
    cut = arguments.index("--")
    templates, fonts = Path(arguments[0]), arguments[1:cut]
    source, out, megabytes, seconds = arguments[cut + 1 :]
    be_small(int(megabytes), int(seconds))
    os.environ.clear()
    data = json.loads(Path(source).read_text(encoding="utf-8"))
    try:
        pdf = lay_out(data, templates, fonts)
    except typst.TypstError as error:
        sys.stderr.write(str(error)[:2000])
        return REFUSED
    Path(out).write_bytes(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
