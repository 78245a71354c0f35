"""How a folder of pages is arranged: what `mkdocs.yml` or Hugo's settings say of it."""

import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from incidents.importers.found import FoundUnread
from incidents.lib.plain_yaml import NotYaml, documents

MKDOCS = ("mkdocs.yml", "mkdocs.yaml")
HUGO = ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json")
OLD_HUGO = ("config.toml", "config.yaml", "config.yml", "config.json")
"""Other programs have settings of these names: they are Hugo's beside a folder `content`."""
SETTINGS = {*MKDOCS, *HUGO, *OLD_HUGO}
_DEEPEST = 20


@dataclass(frozen=True, kw_only=True)
class Site:
    """`pages` is the folder of the pages, `static` those whose files have addresses of their own,
    all with a `/` at the end, or empty. `addresses` begin what leads to this very site."""

    kind: str = "plain"
    pages: str = ""
    static: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    """By the path of a page, in the order in which they are to be read."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What Hugo's `param` stands for."""


def settings_among(names: Collection[str]) -> tuple[str, str]:
    """The kind of site, and the path of its settings: those that lie highest; or "plain"."""
    folders = {
        name[: match.start()] for name in names if (match := re.search(r"(?<![^/])content/", name))
    }
    found = []
    for name in names:
        folder, _, last = name.rpartition("/")
        prefix = f"{folder}/" if folder else ""
        root = re.sub(r"(?<![^/])config/(?:_default/)?$", "", prefix)
        if last in MKDOCS:
            found.append((name.count("/"), name, "mkdocs"))
        elif last in HUGO or (last in OLD_HUGO and root in folders):
            found.append((name.count("/"), name, "hugo"))
    if not found:
        return "plain", ""
    _depth, name, kind = min(found)
    return kind, name


def site_of(names: Collection[str], settings: Mapping[str, str]) -> tuple[Site, FoundUnread | None]:
    """Settings that cannot be read are told, and the usual ones are taken."""
    kind, name = settings_among(names)
    if kind == "plain":
        return Site(), None
    unread = None
    try:
        told = values_of(name, settings.get(name, ""))
    except (NotYaml, ValueError, RecursionError) as error:
        told = {}
        why = f"These settings cannot be read, so the usual ones are taken: {error}"
        unread = FoundUnread(where=name, why=f"{why.rstrip('.')}.")
    root = name.rpartition("/")[0]
    root = f"{root}/" if root else ""
    return (mkdocs if kind == "mkdocs" else hugo)(root, told), unread


def values_of(name: str, text: str) -> dict[str, Any]:
    """Raises `NotYaml` and `ValueError`."""
    if name.endswith(".toml"):
        told: Any = tomllib.loads(text)
    elif name.endswith(".json"):
        told = json.loads(text)
    else:
        told = next(iter(documents(text, lenient=True)), {})
    if not isinstance(told, dict):
        raise ValueError("they are no list of names with values")
    return told


def mkdocs(root: str, told: Mapping[str, Any]) -> Site:
    pages = folder(root, told.get("docs_dir"), "docs")
    titles = {
        pages + path.lstrip("/"): title
        for path, title in named(told.get("nav") or told.get("pages"))
    }
    return Site(
        kind="mkdocs", pages=pages, addresses=addresses(told.get("site_url")), titles=titles
    )


def named(nav: object, level: int = 0) -> Iterator[tuple[str, str]]:
    """Each page of a `nav` with its title there, empty where it has none."""
    if level > _DEEPEST:
        return
    for each in nav if isinstance(nav, list) else [nav]:
        if isinstance(each, str):
            yield each, ""
        elif isinstance(each, dict):
            for title, below in each.items():
                if isinstance(below, str):
                    yield below, str(title)
                else:
                    yield from named(below, level + 1)


def hugo(root: str, told: Mapping[str, Any]) -> Site:
    root = re.sub(r"(?<![^/])config/(?:[^/]+/)?$", "", root)
    lower = {str(name).lower(): value for name, value in told.items()}
    static = lower.get("staticdir") or "static"
    params = lower.get("params")
    return Site(
        kind="hugo",
        pages=folder(root, lower.get("contentdir"), "content"),
        static=tuple(
            folder(root, each, "static")
            for each in [*(static if isinstance(static, list) else [static]), "assets"]
        ),
        addresses=addresses(lower.get("baseurl")),
        values={
            str(name).lower(): str(value)
            for name, value in (params if isinstance(params, dict) else {}).items()
            if isinstance(value, str | int | float)
        },
    )


def folder(root: str, told: object, otherwise: str) -> str:
    name = told.strip("/ ") if isinstance(told, str) else otherwise
    name = name.removeprefix("./").strip("/")
    return root if name in {"", "."} else f"{root}{name}/"


def addresses(told: object) -> tuple[str, ...]:
    """Of a site, with a `/` at the end; without one that says where it is there is none."""
    text = str(told or "").strip()
    return (f"{text.rstrip('/')}/",) if re.match(r"https?://[^/]", text) else ()
