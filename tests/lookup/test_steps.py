"""The first steps of a runbook, short and whole."""

from html.parser import HTMLParser

import pytest

from incidents.lib.markdown import render
from incidents.lookup.steps import MOST_CHARACTERS, Steps, first_steps
from tests.lookup.hostile import HOSTILE


class Balance(HTMLParser):
    """Whether every element that is opened is closed, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.is_whole = True
        self.feed(html)
        self.is_whole = self.is_whole and not self.open

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in {"br", "hr", "img", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.is_whole = self.is_whole and bool(self.open) and self.open.pop() == tag


def steps_of(source: str) -> Steps:
    return first_steps(render(source))


def test_it_works() -> None:
    steps = steps_of("Look first.\n\n## When\n\n- Always\n\n## Steps\n\n1. Stop it.\n2. Start it.")
    assert steps.html.replace("\n", "") == "<ol><li>Stop it.</li><li>Start it.</li></ol>"
    assert steps.left == 0


def test_of_a_long_list_the_first_five_are_shown() -> None:
    steps = steps_of("\n".join(f"1. Step {number}" for number in range(9)))
    assert steps.html.count("<li>") == 5
    assert steps.left == 4


def test_without_numbers_it_is_the_list_of_the_section_that_says_what_to_do() -> None:
    steps = steps_of("## Impact\n\n- None\n\n## Mitigation\n\nQuick:\n\n- Restart it.\n")
    assert "Restart it." in steps.html
    assert "None" not in steps.html


def test_without_a_list_it_is_the_beginning_of_that_section() -> None:
    steps = steps_of(
        "## Meaning\n\nIt broke.\n\n## Diagnosis\n\n### Logs\n\nLook.\n\n```\nps\n```\n"
    )
    assert "Look." in steps.html
    assert "ps" in steps.html
    assert "It broke." not in steps.html
    assert "<h" not in steps.html


def test_without_any_section_it_is_the_beginning_of_the_text() -> None:
    assert steps_of("Call *Ada*.").html == "<p>Call <em>Ada</em>.</p>"


def test_an_empty_section_does_not_count() -> None:
    assert "Call Ada." in steps_of("Call Ada.\n\n## Mitigation\n\n## Notes\n").html


def test_nothing_written_is_nothing_shown() -> None:
    assert first_steps("") == Steps("")


def test_what_is_too_long_is_left_out_not_cut_in_two() -> None:
    long = "word " * MOST_CHARACTERS
    steps = steps_of(f"1. Short.\n2. {long}\n")
    assert "Short." in steps.html
    assert "word" not in steps.html
    assert steps.left == 1
    assert steps_of(long) == Steps("")


def test_as_text_each_step_has_its_number() -> None:
    steps = steps_of("1. Stop `a > b`.\n\n    ```\n    ps\n    ```\n\n2. Start it.")
    assert steps.lines == ["1. Stop a > b.", "   ps", "2. Start it."]
    assert steps_of("- Stop.").lines == ["- Stop."]
    assert steps_of("Call *Ada*.").lines == ["Call Ada."]


def test_no_id_stands_on_a_page_twice() -> None:
    assert "id=" not in steps_of("1. Stop\n\n    ## Then\n\n    Start.\n").html


@pytest.mark.parametrize("source", [text for text in HOSTILE if len(text) < 10_000])
def test_what_is_cut_out_is_whole(source: str) -> None:
    for text in (source, f"1. {source}\n2. two", f"## Steps\n\n- {source}\n\n> {source}"):
        assert Balance(steps_of(text).html).is_whole
