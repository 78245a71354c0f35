"""`<cluster-id>` in prose is a word to be filled in, not a tag: it is shown as it is written.

Whoever reads `ssh root@` where `ssh root@<node>` was written does the wrong thing at night.
"""

import re
from collections.abc import Collection
from re import Match

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString

_WORD = r"<([A-Za-z][A-Za-z0-9]{0,40}(?:[ _.:-][A-Za-z0-9]{1,40}){0,8})>"
_END = re.compile(r"</([a-z][^\s<>/]*)", re.IGNORECASE)
_BEFORE_HTML = 95
"""The library's tags have 90."""
_FIRST = 100


class Placeholders(Extension):  # type: ignore[misc]  # Markdown is untyped
    """What looks like a tag without attributes, that nothing closes, and that is none of `tags`."""

    def __init__(self, tags: Collection[str]) -> None:
        super().__init__()
        self.tags = tags

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the library's own name)
        ends = _Ends(md)
        md.preprocessors.register(ends, "ends_of_tags", _FIRST)
        md.inlinePatterns.register(_AsWritten(self.tags, ends, md), "placeholder", _BEFORE_HTML)


class _Ends(Preprocessor):  # type: ignore[misc]
    """The names that the text closes somewhere, looked for once."""

    names: frozenset[str] = frozenset()

    def run(self, lines: list[str]) -> list[str]:
        self.names = frozenset(name.lower() for line in lines for name in _END.findall(line))
        return lines


class _AsWritten(InlineProcessor):  # type: ignore[misc]
    def __init__(self, tags: Collection[str], ends: _Ends, md: Markdown) -> None:
        super().__init__(_WORD, md)
        self.tags, self.ends = tags, ends

    def handleMatch(  # noqa: N802 (the library's own name)
        self,
        m: Match[str],
        data: str,  # noqa: ARG002 (as the library has it)
    ) -> tuple[str | None, int | None, int | None]:
        name = m[1].split(" ")[0].lower()
        if name in self.tags or name in self.ends.names:
            return None, None, None
        return AtomicString(m[0]), m.start(0), m.end(0)
