"""The stories and runbooks as they are kept in files beside this module."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STORIES = HERE / "stories"
RUNBOOKS = HERE / "runbooks"
SHARED = "shared.toml"

Row = Mapping[str, Any]


class NotAStory(ValueError):
    """A file cannot be read as what it should hold; the message names the file and the place."""


@dataclass(frozen=True)
class Keys:
    """What a table of a file has to say, and what it may say."""

    required: frozenset[str]
    optional: frozenset[str] = frozenset()


def keys(required: str, optional: str = "") -> Keys:
    return Keys(frozenset(required.split()), frozenset(optional.split()))


SHARED_TABLES = {
    "services": keys("slug name description"),
    "factors": keys("slug name category description"),
    "knobs": keys("component key description", "unit"),
}
STORY = keys(
    "external_key title kind detection summary background impact response notes",
    "time_zone began detected mitigated resolved went_well made_harder got_lucky"
    " source_title source_url services tags",
)
# A fact of a story names its place there; a lesson and its guard are our own words.
STORY_TABLES = {
    "events": keys("kind text source", "at time_note actor known_then"),
    "factors": keys("factor how source"),
    "deltas": keys(
        "component key part source", "before before_known after after_known place at note"
    ),
    "measures": keys("name source", "value out_of unit is_approximate note"),
    "participants": keys("name role source", "note"),
    "lessons": keys("sentence explanation", "knobs guard"),
    "actions": keys("title kind origin source", "state evidence body lesson"),
    "runbooks": keys("slug served source", "note"),
    "lesson_links": keys("lesson relation source", "note"),
    "related": keys("other relation source", "note"),
}
GUARD = keys("expression message failing_example passing_example", "precondition severity")
RUNBOOK = keys("title summary", "alerts services knobs")


@dataclass(frozen=True)
class Story:
    """`tables` has every key of `STORY_TABLES`, with the rows in the order of the file."""

    name: str
    record: Row
    tables: Mapping[str, list[Row]]


@dataclass(frozen=True)
class Library:
    """Everything in the files. `shared` has every key of `SHARED_TABLES`; runbooks are by slug."""

    stories: list[Story]
    shared: Mapping[str, list[Row]]
    runbooks: Mapping[str, Row]


def read_library() -> Library:
    """Raises `NotAStory`."""
    files = sorted(path for path in STORIES.glob("*.toml") if path.name != SHARED)
    return Library(
        stories=[read_story(path.name, path.read_text("utf-8")) for path in files],
        shared=read_shared(SHARED, (STORIES / SHARED).read_text("utf-8")),
        runbooks={
            path.stem: read_runbook(path.name, path.read_text("utf-8"))
            for path in sorted(RUNBOOKS.glob("*.md"))
        },
    )


def read_story(name: str, text: str) -> Story:
    """Raises `NotAStory`."""
    told = parsed(name, text)
    record, tables = split(told, STORY_TABLES)
    checked(name, record, STORY)
    for table, rows in tables.items():
        for number, row in enumerate(rows, start=1):
            checked(f"{name}, {table} {number}", row, STORY_TABLES[table])
            if "guard" in row:
                checked(f"{name}, guard of {table} {number}", row["guard"], GUARD)
    return Story(name, record, tables)


def read_shared(name: str, text: str) -> Mapping[str, list[Row]]:
    """Raises `NotAStory`."""
    rest, tables = split(parsed(name, text), SHARED_TABLES)
    checked(name, rest, keys(""))
    for table, rows in tables.items():
        for number, row in enumerate(rows, start=1):
            checked(f"{name}, {table} {number}", row, SHARED_TABLES[table])
    return tables


def read_runbook(name: str, text: str) -> Row:
    """Markdown under a head in TOML, each between lines of `+++`. Raises `NotAStory`."""
    parts = text.split("+++\n", maxsplit=2)
    if len(parts) != 3 or parts[0]:  # noqa: PLR2004 (what is before, between and after the lines)
        raise NotAStory(f"{name} does not begin with a head between two lines of +++.")
    runbook = parsed(name, parts[1])
    checked(name, runbook, RUNBOOK)
    return {**runbook, "body": unwrapped(parts[2])}


def parsed(name: str, text: str) -> dict[str, Any]:
    try:
        return {key: tidy(value) for key, value in tomllib.loads(text).items()}
    except tomllib.TOMLDecodeError as error:
        raise NotAStory(f"{name} is not TOML: {error}.") from error


def split(
    told: Mapping[str, Any], tables: Iterable[str]
) -> tuple[dict[str, Any], dict[str, list[Row]]]:
    """The file's own values, and its arrays of tables; one that it leaves out is empty."""
    own = {key: value for key, value in told.items() if key not in tables}
    return own, {table: told.get(table, []) for table in tables}


def checked(place: str, row: Row, known: Keys) -> None:
    if missing := known.required - row.keys():
        raise NotAStory(f"{place} does not say its {', '.join(sorted(missing))}.")
    if strange := row.keys() - known.required - known.optional:
        raise NotAStory(f"{place} says {', '.join(sorted(strange))}, which nothing reads.")
    if empty := {key for key in known.required if row[key] == ""}:
        raise NotAStory(f"{place} leaves its {', '.join(sorted(empty))} empty.")


def tidy(value: Any) -> Any:
    """Texts without the line breaks that only the file needs, at any depth."""
    if isinstance(value, str):
        return unwrapped(value)
    if isinstance(value, list):
        return [tidy(entry) for entry in value]
    if isinstance(value, dict):
        return {key: tidy(entry) for key, entry in value.items()}
    return value


# Headings, table rows and matchers keep their lines; so does whatever follows them.
_STANDS_ALONE = re.compile(r"\s*[|#]|\w+=")
# A list entry; a year at the end of a sentence begins none.
_BEGINS = re.compile(r"\s*([-*] |[0-9]{1,2}\. )")
_FENCE = "```"


def unwrapped(text: str) -> str:
    """Join the lines of each paragraph and list entry; leave fenced code as it is.

    Right: "- one\\n  entry" → "- one entry". Wrong: "- one\\n- two" → "- one - two".
    """
    lines: list[str] = []
    in_code = False
    for line in text.strip("\n").splitlines():
        is_fence = line.lstrip().startswith(_FENCE)
        if in_code or is_fence or not lines or not goes_on(lines[-1], line):
            lines.append(line.rstrip())
        else:
            lines[-1] += f" {line.strip()}"
        in_code = in_code != is_fence
    return "\n".join(lines)


def goes_on(before: str, line: str) -> bool:
    """Whether the line belongs to the paragraph or entry that the one before is in."""
    if not before or not line.strip() or before.lstrip().startswith(_FENCE):
        return False
    return not any((_STANDS_ALONE.match(before), _STANDS_ALONE.match(line), _BEGINS.match(line)))
