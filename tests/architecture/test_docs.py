"""What the documents name is there: pages, headings, pictures, commands and addresses."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from tests.architecture.source import ROOT

INDEX = ROOT / "docs/index.md"

FENCE = re.compile(r"^(?P<mark>```+|~~~+)[^\n]*\n.*?^(?P=mark)[^\n]*$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?<=\n\n)(?:(?: {4,}[^\n]*)?\n)+")
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\((?P<to>[^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (?P<text>.+?) *$", re.MULTILINE)
# `/incidents/INC-4/`, with what follows a question mark left out; not `/srv/postmortems`.
ADDRESS = re.compile(r"(?P<path>/(?:[^\s`?#]*/)?)(?:[?#]\S*)?")
# What stands for a name in an address that is written down.
PLACEHOLDER = re.compile(r"<[a-z ]+>|…")


def documents() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def links(text: str) -> list[str]:
    """What a document links to within the project."""
    prose = SPAN.sub("", INDENTED.sub("", FENCE.sub("", text)))
    found = [match["to"] for match in LINK.finditer(prose)]
    return [to for to in found if not re.match(r"[a-z]+:", to)]


def code(text: str) -> list[str]:
    """Every piece of code, as a block or between backticks."""
    blocks = [match[0] for pattern in (FENCE, INDENTED) for match in pattern.finditer(text)]
    return blocks + SPAN.findall(INDENTED.sub("", FENCE.sub("", text)))


def anchors(text: str) -> set[str]:
    """The headings as GitHub and others make addresses of them."""
    plain = (re.sub(r"[^\w\s-]", "", match["text"].lower()) for match in HEADING.finditer(text))
    return {re.sub(r"\s", "-", heading) for heading in plain}


def dead_links(document: Path) -> list[str]:
    dead = []
    for link in links(document.read_text()):
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        lost = target.suffix == ".md" and anchor and target.exists()
        if not target.exists() or (lost and anchor not in anchors(target.read_text())):
            dead.append(link)
    return dead


def commands_of_make(text: str) -> set[str]:
    return {name for piece in code(text) for name in re.findall(r"\bmake ([a-z]+)", piece)}


def commands_of_the_site(text: str) -> set[str]:
    return {name for piece in code(text) for name in re.findall(r"manage\.py ([a-z_]+)", piece)}


def addresses(text: str) -> list[str]:
    """The site's own addresses between backticks."""
    spans = SPAN.findall(FENCE.sub("", text))
    return [match["path"] for span in spans if (match := ADDRESS.fullmatch(span))]


def leads_nowhere(address: str) -> bool:
    try:
        resolve(PLACEHOLDER.sub("some", address))
    except Resolver404:
        return True
    return False


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_everything_that_a_document_names_is_there(document: Path) -> None:
    text = document.read_text()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert dead_links(document) == []
    assert commands_of_make(text) - targets == set()
    assert commands_of_the_site(text) - set(get_commands()) == set()
    assert [address for address in addresses(text) if leads_nowhere(address)] == []


def test_every_page_can_be_reached_from_the_index() -> None:
    reached, ahead = set[Path](), [INDEX]
    while ahead:
        page = ahead.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        ahead += [
            (page.parent / link.partition("#")[0]).resolve() for link in links(page.read_text())
        ]

    assert INDEX in reached
    assert {page for page in (ROOT / "docs").rglob("*.md") if page not in reached} == set()


def test_every_decision_has_its_own_number() -> None:
    names = [page.name for page in sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))]

    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    assert len(names) == len(list((ROOT / "docs/decisions").glob("*.md")))


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# Well, here it is\n")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](there.md) [b](there.md#well-here-it-is) [c](https://example.com/) ![d](gone.png)\n"
        "[e](there.md#elsewhere) `[f](code.md)`\n\n    [g](code.md)\n\n```\n[h](code.md)\n```\n"
    )

    assert dead_links(page) == ["gone.png", "there.md#elsewhere"]


def test_commands_are_found_in_code_and_nowhere_else() -> None:
    text = (
        "To make sure, `make test`:\n\n    make run\n    .venv/bin/python manage.py load_demo\n\n"
        "make it\n"
    )

    assert commands_of_make(text) == {"test", "run"}
    assert commands_of_the_site(text) == {"load_demo"}


def test_addresses_are_found_between_backticks() -> None:
    text = "`/`, `/people/?role=admin`, `/teams/<name>/`, `/srv/data`, `a/b/`"

    assert addresses(text) == ["/", "/people/", "/teams/<name>/"]
    assert [leads_nowhere(address) for address in ("/people/", "/teams/<name>/", "/gone/")] == [
        False,
        False,
        True,
    ]
