"""What the benchmark says is what was measured. Nothing is timed here."""

import pytest

from tests.bench.__main__ import lines
from tests.bench.figures import figures_of, held, reached
from tests.bench.questions import questions
from tests.bench.reviews import lines as lines_of_reviews


def test_it_works() -> None:
    figures = figures_of([number / 1000 for number in range(1, 101)])

    assert (round(figures.p50), round(figures.p95), figures.count) == (50, 95, 100)


def test_of_few_times_the_slowest_counts() -> None:
    assert figures_of([0.001, 0.009]).p95 == pytest.approx(9)


def test_nothing_measured_is_no_figure() -> None:
    with pytest.raises(ValueError, match="Nothing"):
        figures_of([])


def test_a_limit_is_met_or_missed() -> None:
    assert str(held("p95", 49.0, 50.0, "ms")).endswith("met")
    assert str(held("p95", 51.0, 50.0, "ms")).endswith("MISSED")
    assert str(reached("faster", 19.0, 20.0, "×")).endswith("MISSED")


def test_questions_are_of_three_lengths_and_the_same_each_time() -> None:
    bodies = [" ".join(f"word{number}{place}" for place in range(200)) for number in range(9)]
    asked = questions(bodies)

    assert asked == questions(bodies)
    assert [len(text.split()) for text in asked[::20]] == [10, 20, 30]


def test_what_a_machine_lacks_is_said() -> None:
    figures = {"p50": 1.0, "p95": 2.0, "count": 9}
    told = {
        "raw": {"runbooks": figures, "archive": figures},
        "kept": {"mean": 0.97, "least": 0.8},
        "symptoms": (9, 10),
        "pages": {"a bare page": figures, "the search over everything": figures},
        "missing": ["the runbook part (/lookup/answers/)"],
        "ripgrep": None,
    }
    said = "\n".join(map(str, lines(told, told | {"size": 10}, 100)))

    assert "not on this machine (rg)" in said
    assert "the runbook part (/lookup/answers/)" in said
    assert "runbooks p95 against 10 " in said
    assert "97.0 %" in said


def test_a_large_quarter_is_held_to_its_limits() -> None:
    times = {"p50": 100.0, "p95": 200.0, "count": 60}
    pack = {"seconds": 9.0, "processor": 8.0, "megabytes": 99.0}
    told = {"first": 900.0, "review": times, "list": times, "csv": pack}
    told["later"] = [times, times | {"p95": 501.0}]
    told["xlsx"] = pack | {"megabytes": 101.0}
    told |= {"list beside csv": times, "list beside xlsx": times | {"p95": 400.0}}
    told["pdf"] = {"seconds": 18.0, "child_seconds": 9.0, "child_megabytes": 480.0, "pages": 600}
    verdicts = {line.what: line.is_met for line in lines_of_reviews(told) if line.limit}

    assert [what for what, is_met in verdicts.items() if not is_met] == [
        "… its part 3 after that, p95",
        "XLSX, private memory",
        "the list beside XLSX, p95",
    ]
    assert len(verdicts) == 9
