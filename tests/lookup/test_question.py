"""What was pasted, as words and labels."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lookup.question import Question, as_text, read_question
from tests.lookup.hostile import HOSTILE


def labels_of(pasted: str) -> dict[str, str]:
    return dict(read_question(pasted).labels)


def a_payload(*alerts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "version": "4",
        "status": "firing",
        "receiver": "pager",
        "groupLabels": {"alertname": "DiskFull"},
        "commonLabels": {"alertname": "DiskFull", "team": "db"},
        "commonAnnotations": {"summary": "A disk is full"},
        "externalURL": "http://alertmanager.example",
        "alerts": list(alerts),
        **more,
    }


def an_alert(status: str = "firing", **labels: str) -> dict[str, Any]:
    return {
        "status": status,
        "labels": {"alertname": "DiskFull", **labels},
        "annotations": {"description": "It fills up", "runbook_url": "http://wiki.example/x"},
        "startsAt": "2026-03-14T12:00:00Z",
        "generatorURL": "http://prometheus.example/graph?g0.expr=up",
        "fingerprint": "c0ffee0123456789",
    }


def test_it_works() -> None:
    asked = read_question("[FIRING:1] DiskFull team=db severity=critical\nThe disk is full")
    assert asked.alertname == "DiskFull"
    assert asked.labels == {"alertname": "DiskFull", "team": "db", "severity": "critical"}
    assert asked.text.startswith("DiskFull")


class TestWebhookPayload:
    def test_it_is_the_first_firing_alert_with_what_is_common(self) -> None:
        resolved, firing = an_alert("resolved", device="sda"), an_alert(device="sdb")
        asked = read_question(json.dumps(a_payload(resolved, firing), indent=2))
        assert asked.labels == {"alertname": "DiskFull", "team": "db", "device": "sdb"}
        assert asked.text == "DiskFull\ndb\nsdb\nA disk is full\nIt fills up"

    def test_of_none_that_is_firing_it_is_the_first(self) -> None:
        payload = a_payload(an_alert("resolved", device="sda"))
        assert labels_of(json.dumps(payload))["device"] == "sda"

    def test_common_labels_are_enough(self) -> None:
        assert labels_of(json.dumps(a_payload()))["alertname"] == "DiskFull"

    def test_what_only_tells_which_one_it_is_is_not_looked_for(self) -> None:
        payload = a_payload(an_alert(instance="db-7", severity="page"))
        asked = read_question(json.dumps(payload))
        assert "db-7" not in asked.text
        assert "page" not in asked.text
        assert asked.labels["instance"] == "db-7"

    def test_one_that_was_cut_off_still_tells_its_labels(self) -> None:
        cut = json.dumps(a_payload(an_alert(device="sda")))[:-40]
        assert labels_of(cut)["alertname"] == "DiskFull"


@pytest.mark.parametrize(
    "told",
    [
        an_alert(),
        [an_alert(), an_alert()],
        {"status": "success", "data": {"alerts": [{**an_alert(), "state": "firing"}]}},
        {"alerts": [an_alert()]},
    ],
)
def test_alerts_as_prometheus_answers_are_read(told: Any) -> None:
    assert labels_of(json.dumps(told)) == {"alertname": "DiskFull"}


@pytest.mark.parametrize(
    ("pasted", "labels"),
    [
        ('ALERTS{alertname="DiskFull",team="db",alertstate="firing"} 1', {"team": "db"}),
        ('{alertname="DiskFull", team="db"}', {"team": "db"}),
        ('[FIRING:3] DiskFull (team="db", mount="/a b")', {"team": "db", "mount": "/a b"}),
        ("[RESOLVED] DiskFull for node", {}),
        ('alertname="DiskFull"\nteam="db"', {"team": "db"}),
        ("Look: alertname=DiskFull, team=db", {"team": "db"}),
        ("Labels:\n - alertname = DiskFull\n - team = the db\n", {"team": "the db"}),
        ("DiskFull", {}),
        ("DiskFull\nThe disk is full on sda", {}),
    ],
)
def test_an_alert_is_read_in_each_of_its_shapes(pasted: str, labels: dict[str, str]) -> None:
    assert labels_of(pasted) == {"alertname": "DiskFull", **labels}


@pytest.mark.parametrize(
    "text",
    [
        "the disk is full",
        "disk",
        "DiskFull again",
        'up{job="node"} == 0',
        "[12:30:01] disk full on a=b",
        '{"error": "disk full"}',
        "{not json, nor labels}",
        "the alertname is not known",
        "[" * 100_000,
        "",
    ],
)
def test_any_other_text_is_words_alone(text: str) -> None:
    assert read_question(text) == Question(text, {})


def test_of_several_alerts_in_a_text_the_first_counts() -> None:
    assert labels_of("alertname=DiskFull\nalertname=DiskSlow") == {"alertname": "DiskFull"}


def test_labels_given_beside_it_hold_and_are_looked_for() -> None:
    asked = read_question("DiskFull", {"alertname": "DiskSlow", "service": "Orders"})
    assert asked.labels == {"alertname": "DiskSlow", "service": "Orders"}
    assert asked.text == "DiskSlow\nOrders\nDiskFull"


def test_a_label_that_a_template_found_no_value_for_is_none() -> None:
    asked = read_question("", {"alertname": "DiskFull", "service": "", "team": "<no value>"})
    assert asked.labels == {"alertname": "DiskFull"}


NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Z"], exclude_characters="\0"), min_size=1, max_size=9
)


@given(st.dictionaries(NAMES, NAMES, max_size=4), NAMES)
def test_labels_written_as_text_read_as_the_same(labels: dict[str, str], text: str) -> None:
    labels = {"alertname": "Disk full", **labels}
    asked = read_question(as_text(text, labels))
    assert asked.labels == read_question("", labels).labels


@given(st.text())
def test_any_text_is_a_question(text: str) -> None:
    asked = read_question(text, {"service": text})
    assert "\0" not in asked.text
    asked.text.encode()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["alerts", "labels", "data", "commonLabels", "status", "annotations"]
                ),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_a_question(told: Any) -> None:
    assert isinstance(read_question(json.dumps(told)).text, str)


def test_a_surrogate_within_json_is_no_error() -> None:
    asked = read_question('{"labels": {"alertname": "a\\ud800b", "x": "\\u0000"}}')
    assert asked.labels == {"alertname": "a b"}


# A slow way through any of these would outlast the limit of every test.
@pytest.mark.parametrize("text", [text for text in HOSTILE if len(text) > 100_000])
def test_a_paste_of_a_megabyte_is_read(text: str) -> None:
    for pasted in (text, "{" + text, "[FIRING:1] " + text, "alertname=" + text, '{a="' + text):
        read_question(pasted)


def test_a_payload_of_a_megabyte_is_read() -> None:
    payload = json.dumps(a_payload(*[an_alert(number=str(n)) for n in range(4_000)]))
    assert len(payload) > 1_000_000
    assert labels_of(payload)["number"] == "0"
