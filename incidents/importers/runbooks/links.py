"""Links from one file of a folder to another, made links from one runbook to another."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from django.urls import reverse

# What is code stays as it is: between fences, or between as many ticks on either side.
_FENCED = r"^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^(?P=fence)"
_TICKED = r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)"
_CODE = f"(?P<code>{_FENCED}|{_TICKED})"
_LINK = r"(?P<before>\]\(\s*<?)(?P<target>[^\s()<>]+)(?P<after>>?(?:\s+\"[^\"\n]*\")?\s*\))"
_EITHER = re.compile(f"{_CODE}|{_LINK}", re.DOTALL | re.MULTILINE)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|/", re.IGNORECASE)
INDEXES = ("index.md", "_index.md", "README.md", "readme.md")


def with_links_between(body: str, path: Path, addresses: Mapping[Path, str]) -> str:
    """The text with its links to other pages leading to their runbooks.

    `addresses` maps the path of each file, resolved, to its slug. A link to a file that is not
    among them stays as it is.
    """

    def made(found: re.Match[str]) -> str:
        if found["code"] or _ELSEWHERE.match(found["target"]):
            return found[0]
        target, mark, fragment = unquote(found["target"]).partition("#")
        for place in places(path, target):
            if (slug := addresses.get(place)) is not None:
                address = reverse("runbooks:runbook", args=[slug]) + mark + fragment
                return found["before"] + address + found["after"]
        return found[0]

    return _EITHER.sub(made, body)


def places(path: Path, target: str) -> list[Path]:
    """Where a link may lead: from the file's folder, and from its own address as sites have it."""
    found = []
    for start in (path.parent, path.with_suffix("")):
        base = (start / target.strip()).resolve()
        found += [base, base.with_name(base.name + ".md"), base.with_name(base.name + ".markdown")]
        found += [base / name for name in INDEXES]
    return found
