"""What somebody pasted, as a question: the words to look for, and the labels of the alert in it.

Any text is a question. Where it is an alert in one of the shapes in which alerts come, its labels
are known, and runbooks that name the alert are found by them.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from incidents.lookup.matchers import ALERTNAME, LONGEST_VALUE

LONGEST_JSON = 5_000_000
LONGEST_READ = 20_000
"""Characters: of JSON that is parsed; of any other text in which labels are looked for."""
MOST_LABELS = 64

_UNKEPT = re.compile("[\0\ud800-\udfff]")
_PAIR = re.compile(
    r'(?<![\w.])(?P<name>[a-zA-Z_][\w.]*|"(?:[^"\\]|\\.)*")'
    r'=(?P<value>"(?:[^"\\]|\\.)*"|[^\s,"{}()=!~]+)(?=[\s,})]|$)'
)
# ` - alertname = DiskFull`: a line of Alertmanager's own mails and messages.
_LINE = re.compile(
    r"^[ \t]*[-*•]?[ \t]*(?P<name>[a-zA-Z_]\w*)[ \t]*(?:=|:)[ \t]*(?P<value>\S.*?)[ \t]*$",
    re.MULTILINE,
)
_SERIES = re.compile(
    r"\s*(?:ALERTS(?:_FOR_STATE)?\s*)?\{(?P<inside>(?:[^{}\"]|\"(?:[^\"\\]|\\.)*\")*)\}"
)
_FIRING = re.compile(r"\s*\[(?:FIRING|RESOLVED)(?::\d+)?\]\s*(?P<name>[^\s=\"(){}\[\],]+)(?!=)")
_CAMEL_CASE = re.compile(r"[A-Za-z][A-Za-z0-9_]*[a-z0-9][A-Z][A-Za-z0-9_]*")
_LABELS_OF_JSON = re.compile(r'"(?:commonLabels|labels)"\s*:\s*(\{[^{}]*\})')

# They tell which one it is, not what it is.
UNTELLING = {
    "alertstate", "endpoint", "fingerprint", "id", "instance", "ip", "node", "pod", "prometheus",
    "replica", "severity", "uid", "__name__",
}  # fmt: skip
NOT_OF_THE_ALERT = {"alertstate", "__name__"}
# What a template writes for a label that is not there.
NO_VALUES = {"", "<no value>"}


class Question(NamedTuple):
    """`text` is what to look for by words; `labels` are empty where there is no alert in it."""

    text: str
    labels: Mapping[str, str]

    @property
    def alertname(self) -> str:
        return self.labels.get(ALERTNAME, "")


def read_question(pasted: str, labels: Mapping[str, str] | None = None) -> Question:
    """What is asked. `labels` are those given beside the text; they hold over those within it.

    1. A webhook payload of Alertmanager, an answer of Prometheus, or one alert, as JSON: labels
       and annotations of the first alert that is firing, with what is common to all.
    2. `ALERTS{alertname="DiskFull", team="db"}`, or the braces alone.
    3. `[FIRING:1] DiskFull team=db`.
    4. A text with `alertname="DiskFull"` in it, or ` - alertname = DiskFull` on a line.
    5. A first line that is one name in CamelCase.
    6. Any other text has no labels.
    """
    pasted = _UNKEPT.sub(" ", pasted).strip()
    found = next(filter(None, (read(pasted) for read in READERS)), Question(pasted, {}))
    return with_labels(found, labels or {})


def with_labels(question: Question, labels: Mapping[str, str]) -> Question:
    """The same with these labels, whose values are looked for, too."""
    given = kept_labels(labels.items())
    if not given:
        return question
    missing = [value for value in telling(given) if value not in question.text]
    text = "\n".join(filter(None, [*missing, question.text]))
    return Question(text, {**question.labels, **given})


def as_text(text: str, labels: Mapping[str, str]) -> str:
    """Text and labels as one text that reads as the same question: `{team="db"} disk full`."""
    pairs = kept_labels(labels.items()).items()
    series = ", ".join(f"{_quoted_name(name)}={_quoted(value)}" for name, value in pairs)
    return f"{{{series}}} {text}".strip() if series else text


def kept_labels(pairs: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    """The labels that say something, as far as they are looked at; of two of one name the first."""
    labels: dict[str, str] = {}
    for name, value in pairs:
        text = _UNKEPT.sub(" ", value if isinstance(value, str) else json.dumps(value)).strip()
        if name in NOT_OF_THE_ALERT or text in NO_VALUES or len(str(name)) > LONGEST_VALUE:
            continue
        labels.setdefault(_UNKEPT.sub(" ", str(name)), text[:LONGEST_VALUE])
        if len(labels) == MOST_LABELS:
            break
    return labels


def telling(labels: Mapping[str, str]) -> list[str]:
    """The values that say what it is, the alert's name first."""
    named = [labels[ALERTNAME]] if ALERTNAME in labels else []
    rest = (value for name, value in labels.items() if name not in {*UNTELLING, ALERTNAME})
    return [*named, *rest]


def _from_json(pasted: str) -> Question | None:
    if not pasted.startswith(("{", "[")) or len(pasted) > LONGEST_JSON:
        return None
    try:
        told = json.loads(pasted)
    except (ValueError, RecursionError):
        return _from_broken_json(pasted)
    alert = _first_alert(told)
    if alert is None:
        return None
    labels, annotations = alert
    said = [text for name, text in annotations.items() if not _is_address(name, text)]
    return Question("\n".join(dict.fromkeys([*telling(labels), *said])), labels)


def _first_alert(told: Any) -> tuple[dict[str, str], dict[str, str]] | None:
    """Labels and annotations: of the alert itself, or of the first of several that is firing."""
    if isinstance(told, dict) and isinstance(told.get("data"), dict | list):
        told = told["data"]
    common = told if isinstance(told, dict) else {}
    alerts = common.get("alerts", [common]) if isinstance(told, dict) else told
    alerts = [one for one in alerts if isinstance(one, dict)] if isinstance(alerts, list) else []
    firing = [one for one in alerts if one.get("status", one.get("state")) == "firing"]
    first = (firing or alerts or [{}])[0]
    labels = _merged(common, "groupLabels", "commonLabels") | _merged(first, "labels")
    annotations = _merged(common, "commonAnnotations") | _merged(first, "annotations")
    return (labels, annotations) if labels else None


def _merged(row: Mapping[str, Any], *names: str) -> dict[str, str]:
    found = [row[name] for name in names if isinstance(row.get(name), dict)]
    return kept_labels((name, value) for one in found for name, value in one.items())


def _is_address(name: str, text: str) -> bool:
    return name.endswith(("_url", "URL")) or text.startswith(("http://", "https://"))


def _from_broken_json(pasted: str) -> Question | None:
    """A payload that was cut off: its first labels are still whole."""
    labels: dict[str, str] = {}
    for found in _LABELS_OF_JSON.finditer(pasted[:LONGEST_READ]):
        try:
            labels = {**kept_labels(json.loads(found[1]).items()), **labels}
        except ValueError:
            continue
        if ALERTNAME in labels:
            break
    return Question(pasted, labels) if labels else None


def _from_series(pasted: str) -> Question | None:
    found = _SERIES.match(pasted[:LONGEST_READ])
    labels = _pairs_in(found["inside"]) if found else {}
    if found is None or not labels:
        return None
    rest = pasted[found.end() :].strip()
    return Question("\n".join(filter(None, [*telling(labels), rest])), labels)


def _from_firing(pasted: str) -> Question | None:
    found = _FIRING.match(pasted[:LONGEST_READ])
    if found is None:
        return None
    first_line = pasted[found.end() : LONGEST_READ].partition("\n")[0]
    text = pasted[found.start("name") :]
    return Question(text, {ALERTNAME: found["name"], **_pairs_in(first_line)})


def _from_pairs(pasted: str) -> Question | None:
    beginning = pasted[:LONGEST_READ]
    if ALERTNAME not in beginning:
        return None
    lines = ((pair["name"], _unquoted(pair["value"])) for pair in _LINE.finditer(beginning))
    for labels in (_pairs_in(beginning), kept_labels(lines)):
        if ALERTNAME in labels:
            return Question(pasted, labels)
    return None


def _from_name(pasted: str) -> Question | None:
    first_line = pasted.partition("\n")[0].strip()
    if len(first_line) > LONGEST_VALUE or not _CAMEL_CASE.fullmatch(first_line):
        return None
    return Question(pasted, {ALERTNAME: first_line})


def _pairs_in(text: str) -> dict[str, str]:
    found = [(_unquoted(pair["name"]), _unquoted(pair["value"])) for pair in _PAIR.finditer(text)]
    return kept_labels(found)


def _quoted_name(name: str) -> str:
    return name if re.fullmatch(r"[a-zA-Z_]\w*", name) else _quoted(name)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _unquoted(text: str) -> str:
    if not text.startswith('"') or not text.endswith('"') or len(text) == 1:
        return text
    escapes = {"n": "\n"}
    return re.sub(r"\\(.)", lambda one: escapes.get(str(one[1]), str(one[1])), text[1:-1])


READERS: tuple[Callable[[str], Question | None], ...] = (
    _from_json,
    _from_series,
    _from_firing,
    _from_pairs,
    _from_name,
)
