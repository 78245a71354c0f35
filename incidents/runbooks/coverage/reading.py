"""Alerting rules as Prometheus has them: rule files, and PrometheusRule resources of Kubernetes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from incidents.lib.plain_yaml import NotYaml, documents

LARGEST = 10_000_000
"""Bytes of one file."""
URL_ANNOTATIONS = ("runbook_url", "runbook")
KINDS_OF_LISTS = ("List", "PrometheusRuleList")


class UnreadableRules(ValueError):
    """The file holds no rules that can be read; the message says why, for whoever wrote it."""


@dataclass(frozen=True)
class Rule:
    """An alerting rule: labels as they are written, templates and all."""

    group: str
    alert: str
    labels: Mapping[str, str] = field(default_factory=dict)
    runbook_url: str = ""


def read_rules(path: Path) -> list[Rule]:
    """The alerting rules of a file, in order; recording rules are passed over.

    Raises `UnreadableRules`.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadableRules(f"It is larger than {LARGEST:,} bytes.")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableRules(f"It is not UTF-8 text (byte {error.start}).") from None
    except OSError as error:
        raise UnreadableRules(f"It cannot be opened: {error.strerror}.") from None
    try:
        found = documents(text)
    except NotYaml as refused:
        raise UnreadableRules(f"It is no YAML: {refused}.") from None
    if not found:
        raise UnreadableRules("It is empty.")
    return [rule for told in found for groups in groups_in(told) for rule in rules_in(groups)]


def groups_in(told: Any) -> Iterator[Any]:
    """The `groups` of a rule file, of a resource, or of each resource of a list."""
    if not isinstance(told, Mapping):
        raise UnreadableRules("It is neither a rule file (groups:) nor a PrometheusRule resource.")
    if told.get("kind") in KINDS_OF_LISTS:
        for item in told.get("items") or []:
            yield from groups_in(item)
    elif "groups" in told:
        yield told["groups"]
    elif told.get("kind") == "PrometheusRule":
        spec = told.get("spec")
        yield spec.get("groups") if isinstance(spec, Mapping) else None
    elif "kind" not in told:
        raise UnreadableRules("It is neither a rule file (groups:) nor a PrometheusRule resource.")
    # Any other resource of a Kubernetes file has no rules.


def rules_in(groups: Any) -> Iterator[Rule]:
    for group in list_of(groups, "groups"):
        name = str(group.get("name") or "")
        for rule in list_of(group.get("rules"), f"the rules of the group “{name}”"):
            if rule.get("alert"):
                annotations = texts(rule.get("annotations"))
                urls = (annotations.get(key, "").strip() for key in URL_ANNOTATIONS)
                yield Rule(
                    group=name,
                    alert=str(rule["alert"]),
                    labels=texts(rule.get("labels")),
                    runbook_url=next(filter(None, urls), ""),
                )


def list_of(value: Any, what: str) -> list[Mapping[str, Any]]:
    entries = value if value is not None else []
    if not isinstance(entries, list) or not all(isinstance(one, Mapping) for one in entries):
        raise UnreadableRules(f"{what[0].upper()}{what[1:]} are not a list of entries.")
    return entries


def texts(value: Any) -> dict[str, str]:
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, Mapping) else {}
