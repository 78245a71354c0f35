"""Prose to HTML, hundreds of thousands of times.

`incidents.lib.markdown.render` takes about 2.4 ms for a paragraph, which would be an hour for
100,000 records. Nearly all prose of the archive is paragraphs of words and `code`: of those the
HTML is known. Whatever is anything else goes through the renderer.
"""

import re

from incidents.lib.markdown import render

# Nothing in it means anything to the renderer: no underscore, link, reference, quote or entity.
_WORDS = r"[A-Za-z0-9 ,.;:'\"()%/=?-]"
_CODE = r"`[A-Za-z0-9_][A-Za-z0-9_.-]*`"
_SENTENCES = rf"(?:[A-Za-z0-9]|{_CODE})(?:{_WORDS}|{_CODE})*(?<! )"
_PLAIN = re.compile(rf"{_SENTENCES}(?:\n\n{_SENTENCES})*")
# Addresses become links, and records that are named too.
_TELLING = re.compile(r"https?:|www\.|mailto:|//|\b(?:INC|LES|ACT)-|(?m:^\w+[.)] )|  ")
_MARKS = re.compile(r"`([^`]*)`")


def quick_html(source: str) -> str:
    """What `render(source)` gives."""
    if not source:
        return ""
    if not _PLAIN.fullmatch(source) or _TELLING.search(source):
        return render(source)
    paragraphs = _MARKS.sub(r"<code>\1</code>", source).split("\n\n")
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
