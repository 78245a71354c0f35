"""The audit is never green for what it could not ask about."""

from typing import Any

import pytest

from tests import audit
from tests.audit import NOT_ASKED, NOTHING_KNOWN, SOMETHING_KNOWN, judge
from tests.locks import locked

PINNED = {"django": "5.2.19", "nh3": "0.3.7"}
HOLE = {"id": "CVE-2026-1", "fix_versions": ["5.2.20"], "aliases": [], "description": ""}


def row(name: str, *holes: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "version": PINNED[name], "vulns": list(holes)}


def skipped(name: str) -> dict[str, str]:
    return {"name": name, "skip_reason": f"Dependency not found on PyPI: {name}"}


def report(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"dependencies": list(rows), "fixes": []}


def test_it_works() -> None:
    verdict = judge(PINNED, report(row("django"), row("nh3")))

    assert verdict.exit_code == NOTHING_KNOWN
    assert verdict.in_words("a.txt", 2) == ["a.txt: 2 of 2 packages asked about, 0 known."]


def test_what_is_known_is_told() -> None:
    verdict = judge(PINNED, report(row("django", HOLE), row("nh3")))

    assert verdict.exit_code == SOMETHING_KNOWN
    assert verdict.in_words("a.txt", 2) == [
        "a.txt: 2 of 2 packages asked about, 1 known.",
        "  django 5.2.19: CVE-2026-1, mended in 5.2.20",
    ]


@pytest.mark.parametrize(
    "told",
    [
        report(row("django"), skipped("nh3")),
        report(row("django")),
        report(row("django"), {**row("nh3"), "version": "0.3.6"}),
        report(),
        None,
    ],
    ids=["skipped", "left out", "another version", "nothing", "no report"],
)
def test_what_was_not_asked_about_is_not_green(told: dict[str, Any] | None) -> None:
    verdict = judge(PINNED, told)

    assert verdict.exit_code == NOT_ASKED
    assert "nh3" in verdict.unasked
    assert any("NOT AUDITED" in line for line in verdict.in_words("a.txt", 2))


def test_what_is_known_counts_also_beside_what_was_not_asked_about() -> None:
    assert judge(PINNED, report(row("django", HOLE), skipped("nh3"))).exit_code == SOMETHING_KNOWN


def test_without_an_index_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = "http://127.0.0.1:9"
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, nobody)
    monkeypatch.setenv("NO_PROXY", "")

    assert audit.main(["requirements.txt"]) == NOT_ASKED
    assert f"0 of {len(locked('requirements.txt'))} packages asked about" in capsys.readouterr().out
