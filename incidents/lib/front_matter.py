"""A file of values and long texts: YAML between two lines of dashes, then the texts under headings.

    ---
    id: 42
    title: Orders time out
    ---

    # Summary <!-- summary -->

    The pool was full.

The comment behind a heading tells which text it is; whatever else stands there is for people. Every
text is read again to the letter: one that a file cannot show as it is, or in which such a heading
stands, is put between the dashes instead, where YAML can write any character.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from incidents.lib.exact_yaml import Value, dumped, is_shown, loaded
from incidents.lib.plain_yaml import NotYaml

_HEADING = re.compile(r"^# .*<!-- ([a-z_]+) -->$", re.MULTILINE)
_FENCE = "---\n"


class NotFrontMatter(ValueError):
    """The message says what is wrong, and in which line where that is known."""


class Text(NamedTuple):
    name: str
    heading: str
    text: str


def written(values: Mapping[str, Any], texts: Iterable[Text]) -> str:
    """The file. Texts that are empty are not in it."""
    texts = [each for each in texts if each.text]
    hidden = {each.name: each.text for each in texts if not _fits(each.text)}
    sections = [
        f"\n# {each.heading} <!-- {each.name} -->\n\n{each.text}\n"
        for each in texts
        if each.name not in hidden
    ]
    return "".join([_FENCE, dumped({**values, **hidden}), _FENCE, *sections])


def _fits(text: str) -> bool:
    return is_shown(text) and not _HEADING.search(text)


def read(content: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The values, and the texts by their names. Raises `NotFrontMatter`."""
    if not content.startswith(_FENCE):
        raise NotFrontMatter("It does not begin with a line of three dashes.")
    # A line of the values that begins with dashes would be indented.
    end = content.find(f"\n{_FENCE}", len(_FENCE) - 1)
    if end < 0:
        raise NotFrontMatter("Its values do not end with a line of three dashes.")
    head, body = content[len(_FENCE) : end + 1], content[end + 1 + len(_FENCE) :]
    try:
        # One line more, so that lines are counted as in the file.
        values: Value = loaded(f"\n{head}")
    except NotYaml as error:
        raise NotFrontMatter(f"Its values cannot be read: {error}.") from None
    if not isinstance(values, dict):
        raise NotFrontMatter("Its values are no list of names with values.")
    return values, _texts(body)


def _texts(body: str) -> dict[str, str]:
    found = list(_HEADING.finditer(body))
    before = body[: found[0].start()] if found else body
    if before.strip():
        raise NotFrontMatter("There is text before the first heading that says whose it is.")
    texts: dict[str, str] = {}
    for place, heading in enumerate(found, start=1):
        end = found[place].start() if place < len(found) else len(body)
        if heading[1] in texts:
            raise NotFrontMatter(f"The text “{heading[1]}” is there twice.")
        after = 2 if end < len(body) else 1
        texts[heading[1]] = _between(body[heading.end() : end], before=2, after=after)
    return texts


def _between(text: str, *, before: int, after: int) -> str:
    """Without so many line ends at either side, or fewer where somebody took some away."""
    start = len(text) - len(text.lstrip("\n"))
    text = text[min(start, before) :]
    end = len(text) - len(text.rstrip("\n"))
    return text[: len(text) - min(end, after)]
