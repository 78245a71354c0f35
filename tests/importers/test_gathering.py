"""What a source says goes into a field, or into the notes."""

import pytest

from incidents.importers.gathering import Gathering, is_address, severity_of
from incidents.lib.approximate_time import write
from incidents.lib.zones import zone_named

UTC = zone_named("UTC")


@pytest.fixture
def incident() -> Gathering:
    return Gathering(key="x:1", where="x, row 1", zone=UTC)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SEV1", "sev1"),
        ("sev-3", "sev3"),
        ("Severity 2", "sev2"),
        ("P0", "sev1"),
        ("P4", "sev4"),
        ("2", "sev2"),
        ("2 - High", "sev2"),
        ("P1 - Critical", "sev1"),
        ("Sev 2: customers see it", "sev2"),
        ("Critical", "sev1"),
        ("High – some customers", "sev2"),
        ("Lowest", "sev5"),
        ("", ""),
        ("Purple", ""),
        ("7", ""),
        ("2023", ""),
        ("100 customers", ""),
        ("Platform", ""),
        ("S3 outage", "sev3"),
    ],
)
def test_words_for_severity_of_other_houses(text: str, wanted: str) -> None:
    assert severity_of(text) == wanted


def test_a_severity_of_another_scale_stays_in_the_notes(incident: Gathering) -> None:
    incident.severity("P1")
    incident.severity("SEV3")
    found = incident.found()
    assert (found.severity, found.texts["notes"]) == (
        "sev1",
        "- Severity: P1\n- Severity: SEV3",
    )


def test_our_own_severity_says_it_all(incident: Gathering) -> None:
    incident.severity("SEV-3")
    assert (incident.found().severity, incident.found().texts) == ("sev3", {})


def test_a_title_that_is_too_long_is_whole_in_the_notes(incident: Gathering) -> None:
    incident.title("word " * 60)
    found = incident.found()
    assert len(found.title) <= 200
    assert found.texts["notes"] == "- Title: " + ("word " * 60).strip()
    assert Gathering(key="x", where="x", zone=UTC).found().title == "Without a title"


def test_what_no_database_keeps_is_told(incident: Gathering) -> None:
    incident.title("a\0b")
    incident.text("summary", "one\0two\ud800")
    incident.event("x\ud800")
    found = incident.found()
    assert found.texts["summary"] == "one[U+0000]two[U+D800]"
    assert found.events[0].text == "x[U+D800]"
    assert "\0" not in found.title


def test_several_texts_of_one_field_say_whose_they_are(incident: Gathering) -> None:
    incident.text("summary", "One.", "Summary")
    incident.text("summary", "Two.", "Description")
    assert incident.found().texts == {"summary": "One.\n\n### Description\n\nTwo."}


def test_notes_are_lines_and_sections(incident: Gathering) -> None:
    incident.note("Team", "Payments")
    incident.note("Story", "One.\nTwo.")
    incident.note("Empty", " \n ")
    incident.text("notes", "As it was.")
    assert incident.found().texts["notes"] == (
        "As it was.\n\n- Team: Payments\n\n## Story\n\nOne.\nTwo."
    )


def test_a_value_is_told_by_the_names_that_lead_to_it(incident: Gathering) -> None:
    value = {"a": {"b": ["one", 2, None, {"c": True, "d": False, "e": ""}]}, "f": {}, "g": 0}
    incident.note_all("x", value)
    assert incident.found().texts["notes"] == (
        "- x · a · b: one\n- x · a · b: 2\n- x · a · b · c: yes\n- x · g: 0"
    )


def test_times_that_cannot_be_true_together_are_notes(incident: Gathering) -> None:
    incident.at("began", "2020-01-02 10:00", "Start")
    incident.at("detected", "2020-01-02 09:00", "Seen")
    incident.at("mitigated", "2020-01-02", "Better")
    incident.at("resolved", "2020-01-01", "End")
    incident.at("began", "2020-01-03", "Date")
    found = incident.found()
    assert {phase: write(time, UTC) for phase, time in found.times.items()} == {
        "began": "2020-01-02 10:00",
        "mitigated": "2020-01-02",
    }
    assert found.texts["notes"] == (
        "- Date: 2020-01-03\n- Seen: 2020-01-02 09:00 (before it began)\n"
        "- End: 2020-01-01 (before it began)"
    )
    assert incident.found() == found


def test_seconds_since_1970_are_times(incident: Gathering) -> None:
    incident.at_moment("began", 1577223059, "starttime")
    incident.at_moment("detected", 0, "detecttime")
    incident.at_moment("resolved", -5, "endtime")
    found = incident.found()
    assert list(found.times) == ["began"]
    assert found.texts["notes"] == "- endtime: -5"


def test_names_are_there_once_and_long_ones_in_the_notes_too(incident: Gathering) -> None:
    incident.service("orders")
    incident.service("orders")
    incident.tag("t" * 70)
    found = incident.found()
    assert found.services == ("orders",)
    assert len(found.tags[0]) == 60
    assert found.texts["notes"] == "- Tag: " + "t" * 70


def test_only_an_address_is_the_source(incident: Gathering) -> None:
    incident.source("javascript:alert(1)", "One")
    incident.source("https://example.com/1", "Two")
    incident.source("https://example.com/2")
    found = incident.found()
    assert (found.source_url, found.source_title) == ("https://example.com/1", "Two")
    assert found.texts["notes"] == (
        "- Source: javascript:alert(1)\n- Source: One\n- Source: https://example.com/2"
    )
    assert not is_address("https://[broken")


def test_a_long_action_is_whole_in_its_body(incident: Gathering) -> None:
    incident.action("Do this\nand that", body="More.", tracker_url="OPS-7")
    incident.action(" ", body="Nothing but a body.")
    found = incident.found()
    assert found.actions[0].title == "Do this"
    assert found.actions[0].body == "Do this\nand that\n\nMore.\n\nOPS-7"
    assert found.texts["notes"] == "- Action: Nothing but a body."


def test_a_measure_is_a_number(incident: Gathering) -> None:
    incident.measure("Orders", "1,200")
    incident.measure("Customers", "many")
    found = incident.found()
    assert [(each.name, each.value) for each in found.measures] == [("Orders", "1200")]
    assert found.texts["notes"] == "- Customers: many"
