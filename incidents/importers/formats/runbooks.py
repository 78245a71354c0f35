"""Runbooks: a folder of Markdown as MkDocs or Hugo arrange it, or a plain one; or a zip of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from django.urls import reverse

from incidents.importers.found import Found, FoundRunbook, FoundUnread
from incidents.importers.runbooks.reading import NAMED_BY_THEIR_FOLDER, NotARunbook
from incidents.importers.trees.anchors import anchors_of
from incidents.importers.trees.files import Lying, lying_in, names_below
from incidents.importers.trees.links import Around, missing_of, with_targets
from incidents.importers.trees.pages import TELLS_OF_THE_OTHERS, Draft, apart, draft_of
from incidents.importers.trees.sites import SETTINGS, Site, settings_among, site_of
from incidents.lib.unpacking import CannotUnpack, TooLarge, names_in

ENDINGS = (".md", ".markdown")
HEAD = "## From the head of its file"
_SAYS_SO = re.compile(r"(?:run|play)-?_?books?(?![a-z])", re.IGNORECASE)


def arranged(path: Path) -> bool:
    """Whether a folder or an archive looks like one of runbooks; never raises."""
    try:
        if path.is_dir():
            names = list(names_below(path))
        elif path.name.lower().endswith(".zip"):
            names = names_in(path)
        else:
            return False
    except (CannotUnpack, OSError):
        return False
    if not any(name.lower().endswith(ENDINGS) for name in names):
        return False
    tops = {name.split("/")[0] for name in names if "/" in name}
    says_so = any(_SAYS_SO.search(name) for name in (path.name, *tops))
    return says_so or settings_among(names)[0] != "plain"


def read(path: Path) -> Iterator[Found]:
    try:
        lying = lying_in(path, SETTINGS)
    except (CannotUnpack, TooLarge) as refusal:
        yield FoundUnread(where=path.name, why=str(refusal))
        return
    except OSError as error:
        yield FoundUnread(where=path.name, why=f"It cannot be read: {error.strerror}.")
        return
    yield from lying.unread
    site, unread = site_of([*lying.pages, *lying.digests, *lying.settings], lying.settings)
    if unread:
        yield unread
    if site.kind == "plain" and path.is_file():
        site = replace(site, pages=top_folder([*lying.pages, *lying.digests]))
    yield from runbooks_in(
        lying, site, top=path.resolve().stem if path.suffix else path.resolve().name
    )


def top_folder(names: Sequence[str]) -> str:
    """The one that programs put on top of all that they pack, with its `/`; or empty."""
    tops = {name.partition("/")[0] for name in names if "/" in name}
    return f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in names) else ""


def runbooks_in(lying: Lying, site: Site, *, top: str) -> Iterator[Found]:
    drafts: list[Draft] = []
    for name in in_order(lying, site):
        if why := why_not(name, lying, site):
            yield FoundUnread(where=name, why=why)
            continue
        try:
            drafts.append(draft_of(name, lying.pages[name], site, top=top))
        except NotARunbook as refusal:
            yield FoundUnread(where=name, why=str(refusal))
    slugs = apart(drafts, top)
    pages = {name: reverse("runbooks:runbook", args=[slug]) for name, slug in slugs.items()}
    known: dict[str, dict[str, str]] = {}
    folded = {name.casefold(): name for name in [*lying.digests, *pages]}
    bodies = {draft.name: draft.body for draft in drafts}

    def anchor(page: str, fragment: str) -> str:
        if page not in known:
            known[page] = anchors_of(bodies[page])
        return known[page].get(fragment.lower(), fragment)

    for draft in drafts:
        around = Around(
            page=draft.name,
            pages=pages,
            beside=lying.digests,
            folded=folded,
            roots=tuple(dict.fromkeys([site.pages, *site.static, ""])),
            sites=site.addresses,
            anchor=anchor,
        )
        yield found_of(replace(draft, slug=slugs[draft.name]), around)


def why_not(name: str, lying: Lying, site: Site) -> str:
    """Why a page is no runbook, by where it lies."""
    if not name.startswith(site.pages):
        return f"It lies outside of {site.pages}, where the pages of the site are."
    top = PurePosixPath(name.removeprefix(site.pages))
    is_first = top.parent.name == "" and top.stem.lower() in NAMED_BY_THEIR_FOLDER
    return TELLS_OF_THE_OTHERS if is_first and len(lying.pages) > 1 else ""


def in_order(lying: Lying, site: Site) -> list[str]:
    """First as the site orders its pages, then by their names."""
    told = [name for name in site.titles if name in lying.pages]
    return list(dict.fromkeys([*told, *sorted(lying.pages)]))


def found_of(draft: Draft, around: Around) -> FoundRunbook:
    body = with_targets(draft.body, around.target)
    if draft.left:
        lines = "\n".join(f"- {line}" for line in draft.left)
        body = f"{body}\n{HEAD}\n\n{lines}\n"
    return FoundRunbook(
        key=f"runbook:{draft.slug}",
        where=draft.name,
        slug=draft.slug,
        title=draft.title,
        summary=draft.summary,
        body=body,
        alerts=draft.alerts,
        services=draft.services,
        owner=draft.owner,
        team=draft.team,
        files=around.found_files,
        missing=missing_of(around.missing),
    )
