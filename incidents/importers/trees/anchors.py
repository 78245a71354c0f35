"""The names of headings: as other programs make them, and as the pages of this site have them."""

import re
import unicodedata
from collections import Counter

from incidents.importers.documents.blocks import plain
from incidents.lib.markdown import render

_FENCE = re.compile(r"[ \t]*(?P<fence>`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?P<words>.*?)[ \t]*#*[ \t]*$")
_NAMED = re.compile(r"\{:?[ \t]*#(?P<name>[\w-]+)[^{}]*\}")
_HERE = re.compile(r'<h[1-6] id="(h-[^"]*)">')
_MOST = 500


def headings_of(body: str) -> list[str]:
    found, fence = [], ""
    for line in body.split("\n"):
        if mark := _FENCE.match(line):
            fence = "" if fence and mark["fence"].startswith(fence) else fence or mark["fence"]
        elif not fence and (heading := _HEADING.match(line)):
            found.append(heading["words"])
    return found[:_MOST]


def anchors_of(body: str) -> dict[str, str]:
    """What other programs call each heading of a text, and what its name is on a page here."""
    words = headings_of(body)
    here = _HERE.findall(render("\n\n".join(f"# {each}" for each in words))) if words else []
    if len(here) != len(words):
        return {}
    anchors: dict[str, str] = {}
    often: Counter[str] = Counter()
    for heading, name in zip(words, here, strict=True):
        for other in names_elsewhere(heading):
            anchors.setdefault(f"{other}-{often[other]}" if often[other] else other, name)
            anchors.setdefault(f"{other}_{often[other]}" if often[other] else other, name)
            often[other] += 1
    return anchors


def names_elsewhere(heading: str) -> set[str]:
    """Right: "Don't panic!" is `dont-panic`; "Stop {#halt}" is `halt`, too."""
    named = _NAMED.search(heading)
    text = plain(_NAMED.sub("", heading)).strip().lower()
    kept = re.sub(r"[^\w\- ]", "", text)
    ascii_only = unicodedata.normalize("NFKD", kept).encode("ascii", "ignore").decode()
    names = {kept.replace(" ", "-"), re.sub(r"[-\s]+", "-", ascii_only).strip("-")}
    return (names | {named["name"].lower()} if named else names) - {""}
