"""One page of a folder of runbooks: what its head, its name and its headings say."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.text import slugify

from incidents.history.slugs import RESERVED
from incidents.importers.runbooks.reading import (
    LONGEST,
    NAMED_BY_THEIR_FOLDER,
    NotARunbook,
    fitting,
    name_of,
    split,
    title_of,
    words,
)
from incidents.importers.trees import hugo, mkdocs
from incidents.importers.trees.anchors import headings_of
from incidents.importers.trees.sites import Site
from incidents.lookup.matcher_tokens import NotMatchers
from incidents.lookup.matchers import line_for, read_line

ABOUT_THE_FOLDER = {
    "contributing", "license", "licence", "changelog", "code_of_conduct", "code-of-conduct",
    "security", "template", "runbook-template", "runbook_template", "summary", "_sidebar",
    "_navbar", "_coverpage", "pull_request_template", "support", "governance", "maintainers",
}  # fmt: skip
"""Names of texts that tell of the other ones."""
TELLS_OF_THE_OTHERS = (
    "By its name it tells of the other files. Bring it in by itself if it is a runbook."
)
SAID = {
    "alerts": ("alerts", "alert", "alertname", "alertnames", "alert_name", "alert_names"),
    "services": ("services", "service", "components", "component", "systems", "system"),
    "owner": ("owner", "owners", "maintainer", "maintainers"),
    "team": ("team", "teams", "squad", "owning_team"),
    "summary": ("summary", "description"),
}
FOR_PROGRAMS = {
    "weight", "layout", "type", "template", "icon", "hide", "search", "toc", "menu", "outputs",
    "sidebar_position", "sidebar_label", "nav_order", "parent", "has_children", "grand_parent",
    "aliases", "url", "permalink", "slug", "cascade", "headless", "redirect_from", "sitemap",
    "bookcollapsesection", "bookflatsection", "bookhidden", "booktoc", "booksearchexclude",
    "bookcomments", "disabletoc", "geekdocflatsection", "geekdoccollapsesection", "no_list",
    "simple_list", "chapter", "render_macros", "title",
}  # fmt: skip
"""Names in a head that say how a page is laid out, not what it says."""
_ALERT = re.compile(r"alert(?:[ _]?name)?[ \t]*:[ \t]*(?P<names>.+)", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*")
_HUMPS = re.compile(r"[A-Z]+[a-z0-9]+(?:[A-Z]+[a-z0-9]*)+")
"""Right: "KubeAPIDown". Wrong: "README", "Redis"."""


@dataclass(frozen=True)
class Draft:
    """A page, before its links are followed. `left` are lines of its head that have no field."""

    name: str
    slug: str
    title: str
    summary: str
    body: str
    alerts: tuple[str, ...]
    services: tuple[str, ...]
    owner: str
    team: str
    left: tuple[str, ...]


def draft_of(name: str, text: str, site: Site, *, top: str) -> Draft:
    """`top` is what the folder or archive is called, for an index page that lies on top.

    Raises `NotARunbook`.
    """
    stem = PurePosixPath(name).stem.lower()
    if stem in ABOUT_THE_FOLDER:
        raise NotARunbook(TELLS_OF_THE_OTHERS)
    told, body = split(text)
    path = Path("/", top, name)
    head = Head({str(key): value for key, value in told.items()})
    titled = {**told, "title": told.get("title") or site.titles.get(name)}
    title, body = title_of(titled, body, path)
    if not body.strip():
        raise NotARunbook("It has a title and no text." if told or title else "It is empty.")
    if site.kind == "hugo":
        body = hugo.understood(body, site.values)
    if site.kind == "mkdocs":
        body = mkdocs.understood(body)
    head.cut("title", title, LONGEST["title"])
    summary = head.one("summary")
    head.cut("summary", summary, LONGEST["summary"])
    slug = fitting("slug", slugify(str(told.get("slug") or name_of(path)))) or "runbook"
    return Draft(
        name=name,
        slug=f"{slug}-runbook" if slug in RESERVED else slug,
        title=shown(title, LONGEST["title"]),
        summary=shown(summary, LONGEST["summary"]),
        body=body.strip("\n").rstrip() + "\n",
        alerts=alerts_of(head, name, title, body),
        services=head.many("services"),
        owner=head.one("owner"),
        team=head.one("team"),
        left=tuple(head.left()),
    )


def shown(text: str, length: int) -> str:
    """As much as fits; that it was cut is seen."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


class Head:
    """The front matter; what nobody takes out of it is left."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.told = dict(told)
        self.more: list[str] = []

    def many(self, field: str) -> tuple[str, ...]:
        """What stands below the first of its names, if that is a text or a list of texts."""
        for name in SAID[field]:
            key = next((key for key in self.told if key.lower() == name), None)
            value = self.told.get(key) if key else None
            entries = value if isinstance(value, list) else [value]
            if key and value and all(isinstance(entry, str | int | float) for entry in entries):
                del self.told[key]
                found = [words(entry) for entry in entries]
                if field == "services" and isinstance(value, str):
                    found = [each.strip() for each in value.split(",")]
                return tuple(dict.fromkeys(filter(None, found)))
        return ()

    def one(self, field: str) -> str:
        """A single one; of several nobody says which is meant, so they are left."""
        before = dict(self.told)
        found = self.many(field)
        if len(found) > 1:
            self.told = before
        return found[0] if len(found) == 1 else ""

    def cut(self, name: str, text: str, length: int) -> None:
        if len(text) > length:
            self.more.append(f"{name}: {text}")

    def refuse(self, name: str, text: str) -> None:
        self.more.append(f"{name}: {text}")

    def left(self) -> Iterator[str]:
        yield from self.more
        for name, value in self.told.items():
            if name.lower() in FOR_PROGRAMS or value in (None, "", [], {}):
                continue
            yield f"{name}: {as_text(value)}"


def as_text(value: object) -> str:
    if isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
        return ", ".join(map(str, value))
    if isinstance(value, list | dict):
        return json.dumps(value, default=str, ensure_ascii=False)
    return words(value)


def alerts_of(head: Head, name: str, title: str, body: str) -> tuple[str, ...]:
    """From the head; without one there from headings such as "Alert: DiskFull", or from the file's
    name where a heading or the title says the same, as the runbooks of Prometheus have it."""
    found = []
    for told in head.many("alerts"):
        try:
            found.append(read_line(told).text)
        except NotMatchers:
            line = line_for(told) if not set('={}~"') & set(told) else ""
            if line:
                found.append(line)
            else:
                head.refuse("alerts", told)
    if found:
        return tuple(dict.fromkeys(found))
    headings = [title, *headings_of(body)]
    named = [_ALERT.fullmatch(re.sub(r"[`*]", "", each).strip()) for each in headings]
    for each in filter(None, named):
        found += [one for one in re.split(r"[,\s]+", each["names"]) if _NAME.fullmatch(one)]
    stem = PurePosixPath(name).stem
    if not found and _HUMPS.fullmatch(stem) and stem in {each.strip("`* ") for each in headings}:
        found = [stem]
    return tuple(dict.fromkeys(found))


def apart(drafts: Sequence[Draft], top: str) -> dict[str, str]:
    """The address of each page, by its path: those that would be the same take the names of their
    folders before their own, as many as it needs."""
    slugs = {draft.name: draft.slug for draft in drafts}
    deepest = max((draft.name.count("/") for draft in drafts), default=0) + 1
    for depth in range(1, deepest + 1):
        often: dict[str, list[str]] = {}
        for name, slug in slugs.items():
            often.setdefault(slug, []).append(name)
        doubled = [name for names in often.values() if len(names) > 1 for name in names]
        if not doubled:
            break
        own = {draft.name: draft.slug for draft in drafts}
        for name in doubled:
            slugs[name] = longer(name, own[name], depth, top)
    return numbered(slugs)


def longer(name: str, slug: str, depth: int, top: str) -> str:
    folders = [top, *PurePosixPath(name).parts[:-1]]
    if PurePosixPath(name).stem.lower() in NAMED_BY_THEIR_FOLDER:
        folders = folders[:-1]
    return fitting("slug", slugify(" ".join([*folders[-depth:], slug]))) or slug


def numbered(slugs: Mapping[str, str]) -> dict[str, str]:
    """Those that are still the same, with a number."""
    made: dict[str, str] = {}
    for name, slug in slugs.items():
        number, free = 1, slug
        while free in made.values():
            number += 1
            free = f"{slug[: LONGEST['slug'] - 6]}-{number}"
        made[name] = free
    return made
