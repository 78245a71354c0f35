"""The site of the documents, made as `make docs` makes it."""

import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {"script": "src", "img": "src", "source": "src", "iframe": "src", "link": "href"}
"""What a browser fetches by itself, and the attribute that says from where."""


def build(root: Path, into: Path) -> subprocess.CompletedProcess[str]:
    strict = ["-W", "--keep-going", "-q"]
    folders = ["-c", str(root / "docs/site"), "-d", str(into / ".doctrees"), str(root), str(into)]
    return subprocess.run(
        [sys.executable, "-m", "sphinx", *strict, *folders],
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass
class PageRead(HTMLParser):
    """What one page leads to, what it loads, and what can be led to in it."""

    path: Path
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value}
        if "id" in given:
            self.anchors.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in LOADED and LOADED[tag] in given:
            self.loaded.append(given[LOADED[tag]])


def pages(site: Path) -> dict[Path, PageRead]:
    return {path: PageRead(path) for path in sorted(site.rglob("*.html"))}


def is_elsewhere(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in {"", "data"}


def dead(page: PageRead, every: dict[Path, PageRead]) -> list[str]:
    """Links of a page within the site that lead to no file, or to no place in it."""
    found = []
    for link in page.links:
        parts = urlsplit(link)
        if is_elsewhere(link):
            continue
        target = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
        lost = target in every and parts.fragment and parts.fragment not in every[target].anchors
        if not target.exists() or lost:
            found.append(link)
    return found
