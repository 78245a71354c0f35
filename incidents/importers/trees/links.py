"""What the texts of a folder lead to: other pages, files beside them, or what is not there."""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from incidents.importers.found import FoundFile

BESIDE = "attachment:"
"""Begins what leads to a file that is to be attached: its path follows, quoted."""
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
"""What is shown in a text; to another file a text links."""
INDEXES = ("index.md", "_index.md", "README.md", "readme.md", "index.markdown")
_FENCED = r"^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^[ \t]*(?P=fence)"
_TICKED = r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)"
_TITLE = r"(?:[ \t\n]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ \t]*"
_TARGET = r"(?:<(?P<angled>[^<>\n]+)>|(?P<bare>[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*))"
_INLINE = rf"(?P<words>!\[[^\[\]\n]*)?\]\([ \t]*{_TARGET}(?P<title>{_TITLE})\)"
_DEFINED = r"^[ ]{0,3}\[(?P<label>[^\]\n]+)\]:[ \t]*<?(?P<defined>[^\s<>]+)>?"
_TAG = r"(?P<tag><(?:img|a)\b[^<>]*?\b(?:src|href)=)(?P<mark>[\"'])(?P<told>[^\"'<>\n]*)(?P=mark)"
_PLACES = re.compile(
    f"(?P<code>{_FENCED}|{_TICKED})|{_INLINE}|{_DEFINED}|{_TAG}", re.DOTALL | re.MULTILINE
)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_MOST_TICKS = 20_000
_MOST_TOLD = 10


def with_targets(text: str, change: Callable[[str], str]) -> str:
    """The text with what each link and picture leads to changed, but for what is code."""
    if text.count("`") > _MOST_TICKS:
        return text

    def made(found: re.Match[str]) -> str:
        target = next(
            (found[name] for name in ("angled", "bare", "defined", "told") if found[name]), None
        )
        if found["code"] or target is None or (new := change(target)) == target:
            return found[0]
        if found["defined"]:
            return f"[{found['label']}]: {new}"
        if found["tag"]:
            return f"{found['tag']}{found['mark']}{new}{found['mark']}"
        return f"{words_of(found['words'], new)}]({new}{found['title']})"

    return _PLACES.sub(made, text)


def words_of(words: str | None, target: str) -> str:
    """A file that no browser shows in a text is linked to."""
    is_shown = not target.startswith(BESIDE) or target.lower().endswith(PICTURES)
    words = words or ""
    return words if is_shown else (words.removeprefix("!") if words != "![" else "[file")


def with_attached(text: str, addresses: Mapping[str, str]) -> str:
    """With the addresses of the files, by their paths, once they are attached. One that could not
    be is named by its path."""

    def address(target: str) -> str:
        if not target.startswith(BESIDE):
            return target
        path = unquote(target.removeprefix(BESIDE))
        return addresses.get(path, quote(path))

    return with_targets(text, address) if BESIDE in text else text


@dataclass
class Around:
    """What lies around one page: where its links may lead, and what they led to.

    `pages` maps the paths of pages to their addresses here, `beside` those of other files to their
    SHA-256, `folded` all paths in small letters, as addresses have them, to what they are. `roots`
    are the folders in which what begins with `/` may stand, `sites` the addresses of the site.
    """

    page: str
    pages: Mapping[str, str]
    beside: Mapping[str, str]
    folded: Mapping[str, str]
    roots: tuple[str, ...] = ("",)
    sites: tuple[str, ...] = ()
    anchor: Callable[[str, str], str] = lambda _page, fragment: fragment
    files: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def target(self, written: str) -> str:
        """As it is to stand in the text."""
        site = next((each for each in self.sites if written.startswith(each)), None)
        target = f"/{written.removeprefix(site)}" if site else written
        if _ELSEWHERE.match(target) or target.startswith(BESIDE):
            return written
        path, mark, fragment = target.partition("#")
        path = unquote(path.partition("?")[0]).strip()
        if not path:
            return f"#{self.anchor(self.page, fragment)}" if fragment else written
        for lower in self.places(path):
            place = self.folded.get(lower.casefold(), "")
            if place in self.pages:
                anchor = self.anchor(place, fragment) if mark else ""
                return self.pages[place] + (f"#{anchor}" if anchor else "")
            if digest := self.beside.get(place):
                return self.file(place, digest)
        # Files that are sent one by one have lost their folders.
        last = self.folded.get(posixpath.basename(path).casefold(), "")
        if digest := self.beside.get(last):
            return self.file(last, digest)
        if site is None and written not in self.missing:
            self.missing.append(written)
        return written

    def file(self, place: str, digest: str) -> str:
        self.files[place] = digest
        return BESIDE + quote(place)

    @property
    def found_files(self) -> tuple[FoundFile, ...]:
        return tuple(FoundFile(path=path, sha256=digest) for path, digest in self.files.items())

    def places(self, path: str) -> Iterator[str]:
        """Where it may lead: from the folder of the page, and from the page's own address."""
        if path.startswith("/"):
            bases: Iterable[str] = [root + path.lstrip("/") for root in self.roots]
        else:
            folder = posixpath.dirname(self.page)
            own = posixpath.splitext(self.page)[0]
            bases = [posixpath.join(folder, path), posixpath.join(own, path)]
            # Links of a whole repository often begin at its top.
            bases += [root + path for root in self.roots]
        for base in bases:
            place = posixpath.normpath(base) if base else ""
            if place.startswith("../") or place == "..":
                continue
            place = "" if place == "." else place
            yield place
            yield from (f"{place}{ending}" for ending in (".md", ".markdown"))
            if place.endswith(".html"):
                yield f"{place[: -len('.html')]}.md"
            yield from (posixpath.join(place, name) for name in INDEXES)


def missing_of(targets: Sequence[str]) -> str:
    """In a sentence, of a few."""
    if not targets:
        return ""
    more = f" and {len(targets) - _MOST_TOLD} more" if len(targets) > _MOST_TOLD else ""
    named = ", ".join(each[:150] for each in targets[:_MOST_TOLD])
    return f"It leads to what is not among these files, and still does so: {named}{more}."
