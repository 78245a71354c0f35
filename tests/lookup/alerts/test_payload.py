"""What Alertmanager sends, and what others might send instead."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lookup.alerts.payload import (
    LARGEST,
    NotAPayload,
    Received,
    fingerprint,
    moment,
    read_payload,
)


def payload(*alerts: object, **fields: object) -> bytes:
    return json.dumps({"version": "4", "alerts": alerts, **fields}).encode()


ALERT: dict[str, Any] = {
    "status": "firing",
    "labels": {"alertname": "PoolEmpty", "severity": "critical"},
    "annotations": {"summary": "No connection is left"},
    "startsAt": "2026-11-21T03:04:05.123456789Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "fingerprint": "c0ffee",
}


def test_it_works() -> None:
    assert read_payload(payload(ALERT)) == [
        Received(
            fingerprint="c0ffee",
            status="firing",  # type: ignore[arg-type]  # its value
            labels={"alertname": "PoolEmpty", "severity": "critical"},
            annotations={"summary": "No connection is left"},
            starts_at=datetime(2026, 11, 21, 3, 4, 5, 123456, UTC),
            ends_at=None,
        )
    ]


def test_one_fingerprint_counts_once_as_it_was_told_last() -> None:
    over = {**ALERT, "status": "resolved", "endsAt": "2026-11-21T04:00:00+01:00"}
    (received,) = read_payload(payload(ALERT, over))
    assert received.status == "resolved"
    assert received.ends_at == datetime(2026, 11, 21, 3, tzinfo=UTC)


def test_without_a_fingerprint_the_labels_make_one() -> None:
    assert fingerprint(None, {"a": "1", "b": "2"}) == fingerprint("", {"b": "2", "a": "1"})
    assert fingerprint(None, {"a": "1"}) != fingerprint(None, {"a": "2"})
    assert len(fingerprint("x" * 100, {})) == 64


@pytest.mark.parametrize(
    "told", [None, 4, "", "yesterday", "0001-01-01T00:00:00Z", "2026-11-21T03:04:05", "9" * 40]
)
def test_a_time_that_is_none(told: object) -> None:
    assert moment(told) is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "no list of alerts"),
        (b'{"alerts": {}}', "no list of alerts"),
        (payload(version="3"), "version 4"),
        (payload("a"), "not an object"),
        (payload({**ALERT, "status": "odd"}), "no status"),
        (b" " * (LARGEST + 1), "larger than"),
    ],
)
def test_what_is_no_payload_is_told(body: bytes, why: str) -> None:
    with pytest.raises(NotAPayload, match=why):
        read_payload(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(json_values, json_values, json_values)
def test_any_values_make_an_alert_that_can_be_kept(a: object, b: object, c: object) -> None:
    told = {"status": "firing", "labels": a, "annotations": b, "startsAt": c, "fingerprint": c}
    (received,) = read_payload(payload(told))
    assert 0 < len(received.fingerprint) <= 64
    assert all(isinstance(value, str) for value in received.labels.values())
    assert "\0" not in json.dumps({**received.labels, **received.annotations}).replace("\\\\", "")
