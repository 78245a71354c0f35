"""Reading the files of the stories: what is wrong in one is said with its place."""

import pytest

from incidents.importers.demo.reading import (
    NotAStory,
    read_library,
    read_runbook,
    read_shared,
    read_story,
    unwrapped,
)

STORY = """
external_key = "story:one"
title = "One"
kind = "external"
detection = "unknown"
summary = "What happened."
background = "Before."
impact = "Harm."
response = "Help."
notes = "Nothing else is told."
"""
EVENT = """
[[events]]
kind = "symptom"
text = "It stopped."
source = "paragraph 1"
"""


def test_it_works() -> None:
    story = read_story("one.toml", STORY + EVENT)
    assert story.record["title"] == "One"
    assert [event["text"] for event in story.tables["events"]] == ["It stopped."]
    assert story.tables["deltas"] == []


def test_the_files_of_the_house_are_read() -> None:
    library = read_library()
    assert [story.name[0] for story in library.stories] == ["1", "2", "3", "4", "5", "6"]
    used = {row["slug"] for story in library.stories for row in story.tables["runbooks"]}
    assert used == library.runbooks.keys()
    factors = {row["factor"] for story in library.stories for row in story.tables["factors"]}
    assert factors == {row["slug"] for row in library.shared["factors"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "one.toml is not TOML"),
        (STORY.replace('impact = "Harm."', ""), "one.toml does not say its impact."),
        (STORY.replace("Harm.", ""), "one.toml leaves its impact empty."),
        (STORY + 'sevrity = "sev1"', "one.toml says sevrity, which nothing reads."),
        (
            STORY + EVENT + EVENT.replace('source = "paragraph 1"', ""),
            "one.toml, events 2 does not say its source.",
        ),
        (STORY + EVENT + 'when = "now"', "one.toml, events 1 says when, which nothing reads."),
        (
            STORY
            + '[[lessons]]\nsentence = "S"\nexplanation = "E"\nguard = { expression = "true" }',
            "one.toml, guard of lessons 1 does not say its failing_example, message, passing",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, message: str) -> None:
    with pytest.raises(NotAStory) as error:
        read_story("one.toml", text)
    assert message in str(error.value)


def test_what_is_shared_is_checked_too() -> None:
    with pytest.raises(NotAStory, match=r"shared.toml, knobs 1 does not say its description, key"):
        read_shared("shared.toml", '[[knobs]]\ncomponent = "unicorn"')


def test_a_runbook_has_a_head_and_a_body() -> None:
    runbook = read_runbook("r.md", '+++\ntitle = "T"\nsummary = "S"\n+++\n\nDo\nthis.\n')
    assert runbook == {"title": "T", "summary": "S", "body": "Do this."}


@pytest.mark.parametrize(
    "text", ["Do this.", '+++\ntitle = "T"\n', 'x\n+++\ntitle = "T"\n+++\nDo.']
)
def test_a_runbook_without_a_head_is_refused(text: str) -> None:
    with pytest.raises(NotAStory, match=r"r.md does not begin with a head"):
        read_runbook("r.md", text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("One\nparagraph.\n\nAnother.\n", "One paragraph.\n\nAnother."),
        ("It began in\n2017. Then it grew.", "It began in 2017. Then it grew."),
        ("- one\n  entry\n- two\n", "- one entry\n- two"),
        (
            "1. First:\n\n   ```sh\n   a\n   b\n   ```\n   Then\n   go.\n",
            "1. First:\n\n   ```sh\n   a\n   b\n   ```\n   Then go.",
        ),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ('alertname="A"\nalertname="B"\n', 'alertname="A"\nalertname="B"'),
    ],
)
def test_lines_are_joined_only_inside_a_paragraph(written: str, meant: str) -> None:
    assert unwrapped(written) == meant
