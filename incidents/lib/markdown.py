"""Prose: Markdown as people write it to HTML that is safe to show.

Rendered when it is saved, never when it is read: what is slow then costs only its author.
"""

import html
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterator

import nh3
from django.utils.translation import gettext
from markdown import Markdown
from pygments.lexers import get_all_lexers
from pygments.token import STANDARD_TYPES

from incidents.lib.markdown_guards import TooCostly, guard
from incidents.lib.markdown_lists import normalise
from incidents.lib.markdown_placeholders import Placeholders

RENDERER_VERSION = 2
"""Stored beside the HTML. Raise it whenever the same source would give other HTML."""

MAXIMUM_LENGTH = 200_000

_EXTENSIONS = [
    "tables",
    "sane_lists",
    "pymdownx.superfences",
    "pymdownx.highlight",
    "pymdownx.tasklist",
    "pymdownx.tilde",
    "pymdownx.magiclink",
    "pymdownx.quotes",
]
# Not attr_list or md_in_html (attributes of the author's choice), nor snippets (reads files).
_EXTENSION_SETTINGS: dict[str, dict[str, object]] = {
    # An attribute, since the site's content security policy ignores style attributes.
    "tables": {"use_align_attribute": True},
    "pymdownx.highlight": {"guess_lang": False, "pygments_lang_class": True},
    "pymdownx.quotes": {"callouts": True},
}

# ruff: noqa: SIM905 -- lists of tags are read as words.
_TAGS = set(
    "a abbr b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img input ins "
    "kbd li mark ol p pre s samp span strong sub summary sup table tbody td th thead tr ul".split()
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "details": {"open"},
    "img": {"src", "alt", "title"},
    "input": {"checked"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
# Never a free class: an author could dress text up as a button of the site.
_CLASSES = {
    "div": {"highlight", "admonition", "note", "tip", "important", "warning", "caution"}
    | {f"language-{alias}" for lexer in get_all_lexers() for alias in lexer[1]},
    "p": {"admonition-title"},
    "span": {name for name in STANDARD_TYPES.values() if name},
    "ul": {"task-list"},
    "li": {"task-list-item"},
}
# A task's box names itself, and what scrolls sideways can be reached by keyboard.
_SET_ATTRIBUTES = {
    "input": {"type": "checkbox", "disabled": "", "aria-label": "Task"},
    "pre": {"tabindex": "0"},
}
_URL_SCHEMES = {"http", "https", "mailto"}
_SCHEME = re.compile(r"([^/?#:]*):")
_BOX = '<input type="checkbox" disabled="" aria-label="Task">'
_CHECKED_BOX = _BOX.replace(">", ' checked="">')
_LINK_REL = "noopener noreferrer nofollow"

# Only pictures of our own: any other would tell its server who reads, and from where.
_ATTACHMENT = re.compile(
    r"/attachments/[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?"
)
_ALIGNMENTS = frozenset({"left", "center", "right"})

# An attribute's value may hold ">", so quotes are stepped over.
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-z][a-z0-9]*)(?P<rest>[^>\"]*(?:\"[^\"]*\"[^>\"]*)*)>")
_PRE_BREAKS = re.compile(r"(<pre [^>]*>)\n+")
_REFERENCE = re.compile(r"(?<![\w/.-])(?P<kind>INC|LES|ACT)-(?P<number>[1-9][0-9]{0,17})(?![\w-])")
_REFERENCE_PAGES = {"INC": "incidents", "LES": "lessons", "ACT": "actions"}
_NO_REFERENCES_IN = frozenset({"a", "code", "pre", "kbd", "samp"})
_HEADING_LEVELS = {f"h{level}": f"h{min(level + 1, 6)}" for level in range(1, 7)}
_BREAKS_TEXT = frozenset(
    "blockquote br dd details div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre summary table td th tr "
    "ul".split()
)
# Below the space only tab and line feed mean something; two others are the parser's own marks.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class TextTooLong(ValueError):
    """The prose exceeds MAXIMUM_LENGTH."""


def render(source: str) -> str:
    """Safe HTML: no script, style, form, frame or foreign picture, no id but the headings' own.

    Raises TextTooLong. Text that cannot be parsed with reasonable effort is shown as it is written.
    """
    if len(source) > MAXIMUM_LENGTH:
        raise TextTooLong(
            gettext(
                "The text has %(length)s characters; %(most)s are the most. Attach long logs as a "
                "file, and keep here what they tell."
            )
            % {"length": f"{len(source):,}", "most": f"{MAXIMUM_LENGTH:,}"}
        )
    # Twice: what stood around a tag that was dropped may nest otherwise in the next reader of it.
    return _finish(_CLEANER.clean(_CLEANER.clean(_parse(_tidy(source)))))


def plain_text(source: str) -> str:
    """The words without marks, for search and summaries; a line for each paragraph or item."""
    return text_of(render(source))


def text_of(safe: str) -> str:
    """As `plain_text`, of what `render` has made of it already."""
    parts: list[str] = []
    for text, tag in _tokens(safe):
        parts.append(text)
        if tag is not None and tag["name"] in _BREAKS_TEXT:
            parts.append("\n")
    lines = (line.strip() for line in html.unescape("".join(parts)).split("\n"))
    return "\n".join(line for line in lines if line)


def excerpt(source: str, length: int) -> str:
    """The beginning of the text on one line, of at most `length` characters, cut between words."""
    text = " ".join(plain_text(source).split())
    if len(text) <= length:
        return text
    cut = text[: max(0, length - 1)]
    # A word that fills the whole excerpt is cut, rather than nothing shown.
    whole_words = cut if text[len(cut)].isspace() else cut.rpartition(" ")[0]
    return (whole_words or cut).rstrip() + "…"


def _tidy(source: str) -> str:
    return _CONTROL.sub("", source.replace("\r\n", "\n").replace("\r", "\n"))


def _parse(source: str) -> str:
    """HTML that is not yet safe."""
    try:
        return _converted(guard(normalise(source)))
    except (TooCostly, RecursionError):
        # A recursion: hundreds of lists or quotes in one another.
        return _verbatim(source)


class _Kept(threading.local):
    """The thread's parser: to build one takes longer than to parse a paragraph."""

    parser: Markdown | None = None


_kept = _Kept()


def _converted(source: str) -> str:
    parser, _kept.parser = _kept.parser, None
    parser = _new_parser() if parser is None else parser.reset()
    parsed: str = parser.convert(source)
    # Not reached by one that stopped in the middle of a text: it may be inside a list.
    _kept.parser = parser
    return parsed


def _new_parser() -> Markdown:
    extensions = [*_EXTENSIONS, Placeholders(_TAGS)]
    return Markdown(extensions=extensions, extension_configs=_EXTENSION_SETTINGS)


def _verbatim(source: str) -> str:
    return f"<pre><code>{html.escape(source)}</code></pre>"


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src"):
        return value if _ATTACHMENT.fullmatch(value) else None
    if attribute == "href":
        # Stricter than the cleaner: "java script:" is no scheme to it, so a relative address.
        scheme = _SCHEME.match(value)
        return value if scheme is None or scheme[1].lower() in _URL_SCHEMES else None
    if attribute == "align":
        return value if value in _ALIGNMENTS else None
    return value


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_filtered,
    allowed_classes=_CLASSES,
    set_tag_attribute_values=_SET_ATTRIBUTES,
    url_schemes=_URL_SCHEMES,
    link_rel=_LINK_REL,
)


def _finish(safe: str) -> str:
    """Headings one level down, with ids, and references as links.

    On the cleaned HTML, where every tag is closed: so that no author can bring an id, and a
    reference inside a link or code is known for one.
    """
    headings: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    out: list[str] = []
    # Every reader of HTML drops the first line end in a <pre>: none is left to drop.
    for text, tag in _tokens(_PRE_BREAKS.sub(r"\1", safe)):
        closed_off = any(inside[name] for name in _NO_REFERENCES_IN)
        out.append(text if closed_off else _REFERENCE.sub(_reference_link, text))
        if tag is None:
            continue
        name = tag["name"]
        if name in _NO_REFERENCES_IN:
            inside[name] += -1 if tag["close"] else 1
        if name in _HEADING_LEVELS:
            out.append(_heading_tag(tag, headings))
        elif name == "input":
            # The cleaner sets attributes in no fixed order; the same source gives the same HTML.
            out.append(_CHECKED_BOX if 'checked="' in tag["rest"] else _BOX)
        else:
            out.append(tag[0])
    return "".join(out)


def _heading_tag(tag: re.Match[str], taken: Counter[str]) -> str:
    document = tag.string
    name = _HEADING_LEVELS[tag["name"]]
    if tag["close"]:
        return f"</{name}>"
    end = document.index(f"</{tag['name']}>", tag.end())
    slug = _slug(text_of(document[tag.end() : end]))
    taken[slug] += 1
    # The dot-free suffix cannot meet another slug: slugs have no double hyphen.
    suffix = f"--{taken[slug]}" if taken[slug] > 1 else ""
    return f'<{name} id="h-{slug}{suffix}">'


def _slug(text: str) -> str:
    """Right: "Café au lait!" becomes "cafe-au-lait". Text in other scripts becomes "section"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-") or "section"


def _reference_link(found: re.Match[str]) -> str:
    page = _REFERENCE_PAGES[found["kind"]]
    return f'<a href="/{page}/{found[0]}/" rel="{_LINK_REL}">{found[0]}</a>'


def _tokens(safe: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Each stretch of text with the tag that ends it; the last has none."""
    at = 0
    for tag in _TAG.finditer(safe):
        yield safe[at : tag.start()], tag
        at = tag.end()
    yield safe[at:], None
