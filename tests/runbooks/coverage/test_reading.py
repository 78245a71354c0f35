"""Alerting rules in the shapes in which people have them."""

from pathlib import Path

import pytest

from incidents.runbooks.coverage.reading import LARGEST, Rule, UnreadableRules, read_rules

PLAIN = """
groups:
- name: pool
  rules:
  - record: pool:free
    expr: free
  - alert: PoolEmpty
    expr: pool:free == 0
    for: 5m
    labels: {severity: critical, service: checkout}
    annotations:
      runbook_url: https://example.org/pool
"""
RESOURCE = """
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: pool}
spec:
  groups:
  - name: pool
    rules:
    - alert: PoolLow
"""


def read(tmp_path: Path, text: str | bytes) -> list[Rule]:
    path = tmp_path / "rules.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_rules(path)


def test_it_works(tmp_path: Path) -> None:
    assert read(tmp_path, PLAIN) == [
        Rule(
            group="pool",
            alert="PoolEmpty",
            labels={"severity": "critical", "service": "checkout"},
            runbook_url="https://example.org/pool",
        )
    ]


def test_resources_lists_of_them_and_several_documents_are_read(tmp_path: Path) -> None:
    rules = "spec: {groups: [{name: a, rules: [{alert: B}]}]}"
    listed = f"kind: List\nitems:\n- kind: Service\n- kind: PrometheusRule\n  {rules}"
    text = f"{RESOURCE}\n---\n{listed}\n---\n# nothing\n---\n{PLAIN}"
    assert [rule.alert for rule in read(tmp_path, text)] == ["PoolLow", "B", "PoolEmpty"]


def test_values_that_are_no_texts_become_texts(tmp_path: Path) -> None:
    (rule,) = read(tmp_path, "groups: [{name: 1, rules: [{alert: 2, labels: {tier: 3}}]}]")
    assert rule == Rule(group="1", alert="2", labels={"tier": "3"})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "It is empty"),
        ("groups: [", "It is no YAML: line 1"),
        (b"\xff", "not UTF-8"),
        ("a: 1", "neither a rule file"),
        ("- a", "neither a rule file"),
        ("groups: {a: 1}", "Groups are not a list"),
        ("groups: [{name: x, rules: [a]}]", "The rules of the group “x” are not a list"),
        ("#" * (LARGEST + 1), "larger than"),
    ],
)
def test_what_holds_no_rules_is_told(tmp_path: Path, text: str | bytes, why: str) -> None:
    with pytest.raises(UnreadableRules, match=why):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRules, match="cannot be opened"):
        read_rules(tmp_path / "nowhere.yaml")
