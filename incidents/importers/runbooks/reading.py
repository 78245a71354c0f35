"""Runbooks as people keep them: folders of Markdown, with front matter or without."""

import json
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from incidents.importers.runbooks.links import with_links_between
from incidents.lib.plain_yaml import NotYaml, documents

ENDINGS = (".md", ".markdown")
LARGEST = 1_000_000
"""Bytes of one file."""
NAMED_BY_THEIR_FOLDER = ("index", "_index", "readme")
_FRONT_MATTER = {
    "---": re.compile(
        r"---[ \t]*\n(.*?)(?:\n|^)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL | re.MULTILINE
    ),
    "+++": re.compile(r"\+\+\+[ \t]*\n(.*?)(?:\n|^)\+\+\+[ \t]*(?:\n|$)", re.DOTALL | re.MULTILINE),
}
_HEADING = re.compile(
    r"\s*+(?:#[ \t]+(?P<hash>[^\n]*)|(?P<line>[^\n#>*-][^\n]*)\n=+[ \t]*)(?:\n|$)"
)
LONGEST = {"title": 200, "slug": 120, "summary": 300}
"""Characters that the fields of a runbook hold."""


@dataclass(frozen=True)
class Page:
    """One file, read. `services` are names or slugs."""

    path: Path
    slug: str
    title: str
    summary: str
    body: str
    alerts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unread:
    """A file that could not be read, and why, in a sentence."""

    path: Path
    why: str


class NotARunbook(ValueError):
    """The message says why, for whoever wrote the file."""


@dataclass(frozen=True)
class Tree:
    pages: tuple[Page, ...]
    unread: tuple[Unread, ...]


def read_tree(places: Iterable[Path]) -> Tree:
    """Every Markdown file of these files and folders, each once, in the order of their names.

    Of two files with one name, each takes its folder's name before its own. Raises
    `FileNotFoundError` for a place that is not there.
    """
    pages, unread = [], []
    for path in dict.fromkeys(files_in(places)):
        try:
            pages.append(read_page(path))
        except NotARunbook as refused:
            unread.append(Unread(path, str(refused)))
    pages, doubled = apart(pages)
    addresses = {page.path.resolve(): page.slug for page in pages}
    linked = (
        replace(page, body=with_links_between(page.body, page.path, addresses)) for page in pages
    )
    return Tree(tuple(linked), (*unread, *doubled))


def files_in(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_file():
            yield place
        elif not place.is_dir():
            raise FileNotFoundError(f"There is no file or folder {place}.")
        for folder, below, names in os.walk(place):
            below[:] = sorted(name for name in below if not name.startswith((".", "node_modules")))
            for name in sorted(names):
                if name.lower().endswith(ENDINGS) and not name.startswith("."):
                    yield Path(folder, name)


def read_page(path: Path) -> Page:
    """Raises `NotARunbook`."""
    if path.stat().st_size > LARGEST:
        raise NotARunbook(f"It is larger than {LARGEST:,} bytes.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotARunbook(f"It is not UTF-8 text (byte {error.start}).") from None
    if "\0" in text:
        raise NotARunbook("It holds NUL characters: it is no text.")
    told, body = split(text.replace("\r\n", "\n").replace("\r", "\n"))
    return page_of(path, told, body)


def page_of(path: Path, told: Mapping[str, Any], body: str) -> Page:
    """Raises `NotARunbook`."""
    title, body = title_of(told, body, path)
    if not body.strip() and not told:
        raise NotARunbook("It is empty.")
    return Page(
        path=path,
        slug=fitting("slug", slugify(str(told.get("slug") or name_of(path)))) or "runbook",
        title=fitting("title", title),
        summary=fitting("summary", words(told.get("summary") or told.get("description"))),
        body=body.strip() + "\n" if body.strip() else "",
        alerts=texts(told, "alerts", "alert"),
        services=texts(told, "services", "service"),
    )


def split(text: str) -> tuple[Mapping[str, Any], str]:
    """The front matter, YAML, TOML or JSON, and what follows it. Raises `NotARunbook`."""
    if text.startswith(("{\n", "{ \n")):
        return split_json(text)
    pattern = _FRONT_MATTER.get(text[:3])
    found = pattern.match(text) if pattern else None
    if not found:
        return {}, text
    try:
        if text.startswith("+++"):
            told: Any = tomllib.loads(found[1])
        else:
            told = next(iter(documents(found[1])), None)
    except (NotYaml, tomllib.TOMLDecodeError, RecursionError) as error:
        raise NotARunbook(f"Its front matter cannot be read: {error}.") from None
    if told is not None and not isinstance(told, dict):
        raise NotARunbook("Its front matter is no list of names with values.")
    return told or {}, text[found.end() :]


def split_json(text: str) -> tuple[Mapping[str, Any], str]:
    """A text that only looks as if it began so has no front matter."""
    try:
        told, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return {}, text
    return (told, text[end:].lstrip("\n")) if isinstance(told, dict) else ({}, text)


def title_of(told: Mapping[str, Any], body: str, path: Path) -> tuple[str, str]:
    """The title, and the body without the heading that says the same."""
    heading = _HEADING.match(body)
    first = " ".join(heading_text(heading).split()) if heading else ""
    title = words(told.get("title"))
    if heading and first and (not title or title.casefold() == first.casefold()):
        return title or without_marks(first), body[heading.end() :]
    return title or " ".join(re.split(r"[-_\s]+", name_of(path))).strip() or path.name, body


def heading_text(heading: re.Match[str]) -> str:
    """Without the marks that may close it."""
    return (heading["hash"] or "").rstrip().rstrip("#") or heading["line"] or ""


def without_marks(text: str) -> str:
    """A heading without Markdown's marks: a title is plain text."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"[`*]|\{#[^}]*\}", "", text).strip()


def name_of(path: Path) -> str:
    """The file's stem; of an index page the folder's name."""
    resolved = path.resolve()
    if path.stem.lower() in NAMED_BY_THEIR_FOLDER and resolved.parent.name:
        return resolved.parent.name
    return path.stem


def apart(pages: list[Page]) -> tuple[list[Page], list[Unread]]:
    """The pages, no two with one slug; and those that not even their folder tells apart."""
    often = Counter(page.slug for page in pages)
    pages = [with_folder(page) if often[page.slug] > 1 else page for page in pages]
    kept: dict[str, Page] = {}
    doubled = []
    for page in pages:
        other = kept.setdefault(page.slug, page)
        if other is not page:
            doubled.append(Unread(page.path, f"It would have the address of {other.path}."))
    return list(kept.values()), doubled


def with_folder(page: Page) -> Page:
    folder = page.path.resolve().parent
    if page.path.stem.lower() in NAMED_BY_THEIR_FOLDER:
        folder = folder.parent
    return replace(page, slug=fitting("slug", slugify(f"{folder.name} {page.slug}")) or page.slug)


def texts(told: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    """What stands under the first of these names, one text or a list. Raises `NotARunbook`."""
    for name in names:
        found = told.get(name)
        if found is None or found == "":
            continue
        entries = found if isinstance(found, list) else [found]
        if not all(isinstance(entry, str | int | float) for entry in entries):
            raise NotARunbook(f"“{name}” in its front matter has to be a text or a list of texts.")
        return tuple(dict.fromkeys(filter(None, map(words, entries))))
    return ()


def words(value: object) -> str:
    return " ".join(str(value).split()) if value is not None else ""


def fitting(field: str, text: str) -> str:
    """As much of the text as the field holds."""
    return text[: LONGEST[field]].rstrip("- ")
