"""Public collections of other houses' postmortems: Markdown with a head that names each source.

Such as https://github.com/icco/postmortems: url, title, start_time, end_time, categories,
keywords, company, product. What they tell happened to somebody else.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from incidents.importers.documents.files import Written, texts_in
from incidents.importers.found import Found, FoundUnread
from incidents.importers.gathering import Gathering, is_address
from incidents.importers.json_records import beginning_of, is_too_deep
from incidents.importers.runbooks.reading import NotARunbook, split
from incidents.lib.zones import zone_named

ENDINGS = (".md", ".markdown")
_HEAD = re.compile(r"\s*---\r?\n.*?^url:.*?^---", re.DOTALL | re.MULTILINE)
_FITS = re.compile(r"^(?:company|organi[sz]ation|product|categories|keywords):", re.MULTILINE)
_ADDRESS = re.compile(r"""https?://[^\s<>"'\])]+""")
_TIMES = {
    "began": ("start_time", "started_at", "date"),
    "resolved": ("end_time", "ended_at"),
}
_TAGS = ("categories", "keywords", "tags", "technologies")
_COMPANIES = ("company", "organization", "organisation")
_FOR_PROGRAMS = {"uuid", "source_fetched_at"}


def fits(path: Path) -> bool:
    head = _HEAD.match(beginning_of(path))
    return bool(head and _FITS.search(head[0]))


def read(path: Path) -> Iterator[Found]:
    for each in texts_in(path, ENDINGS):
        yield each if isinstance(each, FoundUnread) else _read(each)


def _read(written: Written) -> Found:
    try:
        told, body = split(written.text)
    except NotARunbook as refusal:
        return FoundUnread(where=written.name, why=str(refusal))
    url = _address_in(_text(told.get("url")))
    if not url:
        why = "Its head names no address (url) where it was published."
        return FoundUnread(where=written.name, why=why)
    if is_too_deep(dict(told)):
        return FoundUnread(where=written.name, why="Its head is nested too deeply.")
    try:
        return _incident(written, {str(name): value for name, value in told.items()}, body)
    except RecursionError:
        return FoundUnread(where=written.name, why="Its lists and quotes are nested too deeply.")


def _incident(written: Written, told: dict[str, Any], body: str) -> Found:
    whole = _text(told.pop("url"))
    url = _address_in(whole)
    key = _text(told.get("uuid")) or url
    incident = Gathering(
        key=f"collection:{key}", where=written.name, zone=zone_named("UTC"), kind="external"
    )
    company = _first(told, _COMPANIES)
    product = _text(told.pop("product", ""))
    title = _text(told.pop("title", ""))
    named = " ".join(dict.fromkeys(filter(None, (company, product)))) or urlsplit(url).netloc
    incident.title(title or f"An incident at {named}")
    incident.source(url, company)
    incident.note("Address", whole if whole != url else "")
    incident.note("Company", company)
    incident.note("Product", product)
    for phase, names in _TIMES.items():
        incident.at(phase, _first(told, names), phase.capitalize())
    for name in _TAGS:
        value = told.pop(name, None)
        for tag in value if isinstance(value, list) else [value]:
            incident.tag(_text(tag))
    incident.text("summary", _text(told.pop("summary", "")))
    began = incident.began.at
    incident.read(body, day=began.date() if began else None)
    for name, value in told.items():
        if name not in _FOR_PROGRAMS:
            incident.note_all(name.replace("_", " ").capitalize(), _plain(value))
    return incident.found()


def _address_in(text: str) -> str:
    """The first, where a collection has put several of them, or what they are called."""
    found = _ADDRESS.search(text)
    return found[0] if found and is_address(found[0]) else ""


def _first(told: dict[str, Any], names: tuple[str, ...]) -> str:
    """The first that there is; the others stay."""
    for name in names:
        if text := _text(told.get(name)):
            del told[name]
            return text
    return ""


def _text(value: object) -> str:
    """A text, a number or a date as text; "" for nothing and for what holds others."""
    return "" if value is None or isinstance(value, Mapping | list | bool) else f"{value}".strip()


def _plain(value: Any) -> Any:
    """With dates as texts."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | None) else str(value)
