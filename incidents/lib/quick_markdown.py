"""Prose to HTML, hundreds of thousands of times.

`incidents.lib.markdown.render` takes about 0.4 ms for a paragraph, which would be ten minutes for
100,000 records. Nearly all prose of the archive is paragraphs of words and `code`: of those the
HTML is known. Whatever is anything else goes through the renderer.
"""

import re

from incidents.lib.markdown import render

# Nothing in it means anything to the renderer: no underscore, link, reference, quote or entity.
_WORDS = r"[A-Za-z0-9 ,.;:'\"()%/=?-]"
_CODE = r"`[A-Za-z0-9_](?: ?[A-Za-z0-9_.-])*`"
# What is taken is not given back: a text that does not fit is known for it in one sweep.
_SENTENCES = rf"(?:[A-Za-z0-9]|{_CODE})(?:{_WORDS}++|{_CODE})*+(?<! )"
_PLAIN = re.compile(rf"{_SENTENCES}(?:\n\n{_SENTENCES})*+")
# Addresses become links, and records that are named too; a second space may be a line's end.
_TELLING = ("http:", "https:", "www.", "mailto:", "//", "INC-", "LES-", "ACT-", "  ")
_NUMBERED = re.compile(r"^\w+[.)] ", re.MULTILINE)


def quick_html(source: str) -> str:
    """What `render(source)` gives."""
    if not source:
        return ""
    if not is_plain(source):
        return render(source)
    # Marks are pairs: each second piece is code.
    pieces = source.split("`")
    pieces[1::2] = [f"<code>{code}</code>" for code in pieces[1::2]]
    paragraphs = "".join(pieces).split("\n\n")
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def is_plain(source: str) -> bool:
    return (
        _PLAIN.fullmatch(source) is not None
        and not any(mark in source for mark in _TELLING)
        and not _NUMBERED.search(source)
    )
