"""The device finds what the server finds: the same questions, in Chromium and in the database."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import re2
from playwright.sync_api import Page

from incidents.importers.demo.operations import load_stories
from incidents.importers.runbooks.operations import import_runbooks
from incidents.importers.runbooks.reading import read_tree
from incidents.lookup.engines import Index, engine
from incidents.lookup.evaluation import read_queries
from incidents.lookup.operations import keep_findable
from incidents.lookup.queries import best_runbooks
from incidents.lookup.question import as_text, read_question
from incidents.models import Runbook
from incidents.runbooks.offline.copies import copy_of
from incidents.runbooks.offline.file import SCRIPTS, piece
from incidents.runbooks.offline.patterns import NotForTheDevice, for_javascript
from incidents.runbooks.offline.queries import runbooks_to_copy
from tests.corpus import find_corpus
from tests.factories import NOW, a_runbook
from tests.lookup.hostile import HOSTILE
from tests.lookup.test_symptoms import SYMPTOMS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]

# Of a hundred: what is the same of the first answers to real alerts.
FLOOR = 99
# As a text, and as the parameters of an address.
Asked = tuple[str, dict[str, str]]
FIRST = """(asked) => asked.map(([text, labels]) => {
  const question = offline.readQuestion(text, Object.entries(labels));
  return globalThis.lookup.answers(question, 6).map(({ runbook }) => runbook.slug)[0] ?? null;
})"""
READ = """(asked) => asked.map(([text, labels]) => {
  const { text: read, labels: found } = offline.readQuestion(text, Object.entries(labels));
  return [read, Object.fromEntries(found), offline.asText(text, Object.entries(labels))];
})"""
FITS = """([patterns, values]) => patterns.map(([source, flags]) => {
  const pattern = new RegExp(`^(?:${source})$`, `${flags}u`);
  return values.map((value) => pattern.test(value));
})"""
PATTERNS = [
    "Disk.*", "(?i)disk.*", "(?P<what>cpu|memory)High", "(?:a|b)c", "[[:alpha:]]+x", r"\d+\.\d",
    "a{2,3}", "a{,2}", "x{a}", r"\pL+", r"\p{Greek}+", r"\P{L}", r"[^\d]x", r"a\-b", "a-b",
    r"[a\-z]+", "[]a]+", "[^]a]", r"\Qa.b*\E.*", "(?s).*", "a|b|", "^a$", "(?i)ä.*", "A/B",
    r"Kube(Pod|Node).*", r"[\w.-]+:\d+", "dev|test|", r"\x41b", r"\x{1F600}", "a.b", r"\s+x",
    r"[\s]+x", "[a-f0-9]{8}", "é+", '"q"', "a b", "#1", "[#&&~]+", "[a&&b]", r"\_", r"a\/b",
    "[^[:alpha:]]", "[[:punct:]]+", "(a?)b", r"\bx\b", "[a-]+", "[.]",
]  # fmt: skip
VALUES = [
    "", "DiskFull", "disk", "cpuHigh", "ac", "abcx", "5.5", "5x5", "aa", "aaaa", "a", "x{a}",
    "a{,2}", "λόγος", "yx", "a-b", "]", "-", "b", "a.b*", "a.bXX", "a\nb", "a\rb", "Ä1", "A/B",
    "KubePodX", "host-1.x:90", "dev", "Ab", "😀", " \tx", "\vx", "\u00a0x", "deadbeef", "éé",
    '"q"', "a b", "#1", "_", "a_", "a/b", "&&", "b&", ".", "!?", "x", "\u2028",
]  # fmt: skip


@pytest.fixture
def offline_page(page: Page) -> Page:
    """A page with the scripts that look up, and nothing else."""
    # What other tests put into the index is taken out of the tables, and not out of it.
    engine().erase_orphans(Index.RUNBOOKS)
    page.goto("about:blank")
    for name in SCRIPTS[: SCRIPTS.index("offline/age")]:
        page.add_script_tag(content=piece(f"js/{name}.js"))
    return page


def keep(offline_page: Page) -> None:
    copy = copy_of(runbooks_to_copy(), site="https://site.example", at=NOW)
    # Through JSON, as it comes to a device.
    offline_page.evaluate(
        "(copy) => { globalThis.lookup = new offline.Lookup(JSON.parse(copy)); }", json.dumps(copy)
    )


def server_says(asked: list[Asked]) -> list[str | None]:
    found = (best_runbooks(read_question(text, labels), limit=6) for text, labels in asked)
    return [runbooks[0].slug if runbooks else None for runbooks in found]


def differing(offline_page: Page, asked: list[Asked]) -> list[Any]:
    """What is answered otherwise: the question, what the device says, what the server says."""
    answers = zip(asked, offline_page.evaluate(FIRST, asked), server_says(asked), strict=True)
    return [(one, here, there) for one, here, there in answers if here != there]


def questions_about(runbooks: list[Runbook]) -> Iterator[Asked]:
    for runbook in runbooks:
        yield runbook.title, {}
        yield runbook.summary, {}
        for line in runbook.alert_lines:
            name = line.removeprefix('alertname="').removesuffix('"')
            yield name, {}
            yield "", {"alertname": name, "service": "orders", "severity": "page"}
            alert = {"status": "firing", "labels": {"alertname": name, "instance": "10.0.0.7:80"}}
            yield json.dumps({"version": "4", "alerts": [alert]}), {}


def test_it_works(offline_page: Page) -> None:
    load_stories(by=None, at=NOW)
    keep(offline_page)
    asked = [(said, dict[str, str]()) for said, _title, _runbook in SYMPTOMS]
    asked += questions_about(list(Runbook.objects.all()))

    assert len(asked) > 50
    assert differing(offline_page, asked) == []


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["C1", "C2"])
def test_real_alerts_lead_to_the_same_runbook(offline_page: Page, name: str) -> None:
    corpus = find_corpus()
    assert corpus is not None
    import_runbooks(read_tree([Path(corpus, name)]).pages, by=None, at=NOW)
    keep(offline_page)
    with Path(corpus, "queries.jsonl").open(encoding="utf-8") as file:
        asked = [(query.text, dict(query.labels)) for query in read_queries(file)]

    others = differing(offline_page, asked)
    assert len(asked) > 200
    assert 100 * (1 - len(others) / len(asked)) >= FLOOR, others


def test_the_most_specific_line_leads(offline_page: Page) -> None:
    rows = [
        a_runbook(title="Any disk", slug="any", alerts='alertname=~"Disk.*"'),
        a_runbook(title="This disk", slug="this", alerts='alertname="DiskFull", team="db"'),
        a_runbook(title="By name", slug="name", alerts="DiskFull"),
        a_runbook(title="Pages", slug="page", alerts='severity="page", team!~"(?i)web.*"'),
    ]
    keep_findable(*rows)
    keep(offline_page)
    asked: list[Asked] = [
        ("", {"alertname": "DiskFull", "team": "db"}),
        ("", {"alertname": "DiskFull", "team": "web"}),
        ("", {"alertname": "DiskSlow", "severity": "page"}),
        ("", {"alertname": "Other", "severity": "page"}),
        ("", {"alertname": "Other", "severity": "page", "team": "WEB-2"}),
    ]

    # The last is found by a word of the line, which itself does not match.
    assert offline_page.evaluate(FIRST, asked) == ["this", "name", "any", "page", "page"]
    assert differing(offline_page, asked) == []


def test_slips_of_the_finger_are_forgiven(offline_page: Page) -> None:
    keep_findable(a_runbook(title="The cluster is down", slug="cluster"), a_runbook(slug="other"))
    keep(offline_page)

    assert offline_page.evaluate(FIRST, [("clutser", {}), ("http2", {})]) == ["cluster", None]


def test_what_is_pasted_is_read_alike(offline_page: Page) -> None:
    alert = {"labels": {"alertname": "DiskFull", "team": "db"}, "annotations": {"summary": "Full"}}
    firing = {**alert, "status": "firing", "annotations": {"runbook_url": "https://a.example"}}
    asked: list[Asked] = [
        ("{}", {}),
        (json.dumps({"alerts": [alert, firing], "commonLabels": {"job": "a"}}), {}),
        (json.dumps({"status": "success", "data": {"alerts": [{**alert, "state": "firing"}]}}), {}),
        (json.dumps([alert]), {"severity": "page"}),
        (json.dumps({"commonLabels": {"alertname": "DiskFull"}})[:-1], {}),
        ('ALERTS{alertname="DiskFull", team="d\\"b", alertstate="firing"} and more', {}),
        ("[FIRING:1] DiskFull team=db (page)", {}),
        ('level=warn alertname="Disk Full" msg="x"', {}),
        (" - alertname = DiskFull\n - team = db", {}),
        ("KubePodCrashLooping\nand what follows", {}),
        ("the disk is full", {"service": "orders", "empty": "", "a b": 'c"d\\'}),
        ("", {"alertname": "DiskFull", "instance": "10.0.0.7"}),
    ]
    there = []
    for text, labels in asked:
        question = read_question(text, labels)
        there.append([question.text, dict(question.labels), as_text(text, labels)])

    assert offline_page.evaluate(READ, asked) == there


def test_any_text_is_a_question(offline_page: Page) -> None:
    keep_findable(a_runbook(title="The cluster is down", slug="cluster"))
    keep(offline_page)
    texts = [text.encode(errors="replace").decode() for text in HOSTILE]

    assert len(offline_page.evaluate(FIRST, [(text, {}) for text in texts])) == len(texts) > 100


def test_patterns_fit_the_same_values(offline_page: Page) -> None:
    translated = [for_javascript(pattern) for pattern in PATTERNS]

    here = offline_page.evaluate(FITS, [translated, VALUES])

    there = [[re2.fullmatch(one, value) is not None for value in VALUES] for one in PATTERNS]
    for pattern, ours, theirs in zip(PATTERNS, here, there, strict=True):
        assert ours == theirs, pattern
    with pytest.raises(NotForTheDevice):
        for_javascript("(a*)*")
