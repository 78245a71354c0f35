"""The numbers are right: each figure is counted a second way, and both have to agree."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import pytest
from django.db import transaction

from incidents.access.permissions import everybody
from incidents.importers.synthetic.operations import Archive, make_history
from incidents.lib.periods import read_period
from incidents.models import Incident, Service, Team, User, Visibility
from incidents.review.figure import Figure
from incidents.review.figures import figures_of
from incidents.review.scope import OneOrTheOther, Scope
from tests.factories import a_service, a_team
from tests.review.rules import make_rules
from tests.review.second_way import Quarter, Tables, place_in

AT = datetime(2026, 2, 1, 12, tzinfo=UTC)
ZONE = "Europe/Berlin"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def tables(django_db_setup: None, django_db_blocker: Any) -> Iterator[Tables]:
    """One archive for all tests of this file: none of them changes it for the others."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_history(Archive(incidents=150, runbooks=20, seed=5), report=lambda *_: None)
        make_rules([the_commonest(Service), the_commonest(Team).services.first()], at=AT)
        yield Tables()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _zone(settings: Any) -> None:
    settings.TIME_ZONE = ZONE


class Both(NamedTuple):
    first: dict[str, Figure]
    second: Quarter
    before: list[Quarter]


def somebody_named() -> User:
    """Who may know of some restricted records, and not of others."""
    restricted = Incident.objects.filter(visibility=Visibility.RESTRICTED)
    people = User.objects.filter(restricted_incidents__in=restricted).order_by("pk")
    return people.distinct()[0]


def the_commonest(table: type[Team] | type[Service]) -> Any:
    return max(table.objects.all(), key=lambda row: (row.incidents.count(), row.pk))


CASES = {
    "all records": lambda: {"user": None},
    "what everybody sees": lambda: {"user": everybody()},
    "what somebody sees": lambda: {"user": somebody_named()},
    "a team": lambda: {"user": everybody(), "team": the_commonest(Team)},
    "a service": lambda: {"user": None, "service": the_commonest(Service)},
}


PERIODS = [
    *(("2025", case) for case in CASES),
    ("2025Q4", "what everybody sees"),
    ("2024H2", "all records"),
    ("2025-02-03..2026-03-31", "what everybody sees"),
]


@pytest.fixture(params=PERIODS, ids="-".join)
def both(request: pytest.FixtureRequest, tables: Tables) -> Both:
    return count_both(*request.param, tables)


@cache
def count_both(key: str, case: str, tables: Tables) -> Both:
    period = read_period(key)
    scope = Scope(period=period, **CASES[case]())
    quarters = [
        Quarter(
            one.starts,
            one.last_day,
            ZONE,
            tables=tables,
            person=scope.user,
            at=AT,
            team=scope.team.slug if scope.team else "",
            service=scope.service.slug if scope.service else "",
        )
        for one in (period, *period.previous(4))
    ]
    figures = {figure.key: figure for figure in figures_of(scope, at=AT)}
    return Both(figures, quarters[0], quarters[1:])


def counted(figure: Figure, column: int = 1) -> dict[Any, Any]:
    """The rows that count something, by what they are called."""
    return {row[0]: row[column] for row in figure.table.rows if row[column]}


def test_it_works(both: Both) -> None:
    assert len(both.first) > 20
    assert sum(counted(both.first["kind"]).values()) == len(both.second.incidents) > 5


def test_every_figure_says_what_it_means_and_has_rows_as_wide_as_its_columns(both: Both) -> None:
    for figure in both.first.values():
        assert len(figure.definition) > 30
        assert {len(row) for row in figure.table.rows} <= {len(figure.table.columns)}
        assert len(figure.table.about) in {0, len(figure.table.rows)}
        assert all(one.count > 0 for one in figure.left_out)


@pytest.mark.parametrize("field", ["kind", "severity", "detection"])
def test_by_a_choice(both: Both, field: str) -> None:
    assert counted(both.first[field]) == both.second.by(field)


@pytest.mark.parametrize("field", ["service", "team"])
def test_by_service_and_team(both: Both, field: str) -> None:
    assert counted(both.first[field]) == both.second.by_many(f"{field}s")


def test_what_is_left_out_is_counted(both: Both) -> None:
    left_out = {one.why: one.count for one in both.first["kind"].left_out}
    expected = {
        "withdrawn": both.second.withdrawn,
        "known only by a month or year that is not all in the period": both.second.count_places(
            "perhaps"
        ),
        "without any date": both.second.count_places("undated"),
    }

    assert left_out == {why: count for why, count in expected.items() if count}


def test_near_misses(both: Both) -> None:
    assert counted(both.first["near_misses"]) == both.second.near_misses()


@pytest.mark.parametrize("phase", ["detected", "mitigated", "resolved"])
def test_times_are_distributions(both: Both, phase: str) -> None:
    values = both.second.times(phase)
    rows = {row[0]: row[1:] for row in both.first[f"time_to_{phase}"].table.rows}

    assert set(rows) - {"all"} == set(values) - {"all"}
    for label, minutes in values.items():
        quarters = [place_in(minutes, share) for share in (0.25, 0.5, 0.75)]
        assert rows[label] == [
            len(minutes),
            min(minutes),
            *(pytest.approx(quarter, abs=0.01) for quarter in quarters),
            max(minutes),
        ]


@pytest.mark.parametrize("phase", ["detected", "mitigated", "resolved"])
def test_times_of_which_there_are_few_come_with_a_warning(both: Both, phase: str) -> None:
    figure = both.first[f"time_to_{phase}"]
    few = [row[0] for row in figure.table.rows if int(row[1] or 0) < 10]

    assert few
    assert all(f"{label} (" in figure.note for label in few)


def test_each_incident_is_in_the_times_or_said_to_be_left_out(both: Both) -> None:
    figure = both.first["time_to_resolved"]
    not_placed = sum(one.count for one in both.first["kind"].left_out)
    left_out = sum(one.count for one in figure.left_out) - not_placed

    assert figure.table.rows[0][1] == len(both.second.incidents) - left_out


def test_factors_are_compared_with_the_periods_before(both: Both) -> None:
    now, before = both.second.factors(), [quarter.factors() for quarter in both.before]
    names = {name for counts in (now, *before) for name in counts}

    assert {row[0]: row[1:] for row in both.first["factors"].table.rows} == {
        name: [
            now.get(name, 0),
            mean := sum(counts.get(name, 0) for counts in before) / 4,
            now.get(name, 0) - mean,
        ]
        for name in names
    }


def test_repeats(both: Both) -> None:
    violating, sharing = both.second.repeats(both.before)

    assert [row[1] for row in both.first["repeats"].table.rows] == [
        len(violating & sharing),
        len(violating - sharing),
        len(sharing - violating),
        len(both.second.incidents) - len(violating | sharing),
    ]


def test_lessons(both: Both) -> None:
    rows = both.first["lessons"].table.rows

    assert {row[0]: (row[1], row[2]) for row in rows} == both.second.lessons()


def test_knobs(both: Both) -> None:
    turned = both.second.knobs()
    most = sorted(turned, key=lambda name: -turned[name][0])[:20]
    rows = both.first["knobs"].table.rows

    assert [row[1] for row in rows] == [turned[name][0] for name in most]
    assert all((row[1], row[2]) == turned[row[0]] for row in rows)


def test_action_items(both: Both) -> None:
    second = both.second.backlog()
    rows = {row[0]: row[1] for row in both.first["backlog"].table.rows}
    by_team = both.first["open_items"].table

    assert rows == {name: second.get(name, 0) for name in rows}
    assert {f"team {row[0]}": row[1] for row in by_team.rows} == {
        name: count for name, count in second.items() if name.startswith("team ")
    }
    for place, column in enumerate(by_team.columns[3:], start=3):
        assert sum(row[place] for row in by_team.rows) == second.get(column.title, 0)


def test_what_was_open_and_came_and_went_adds_up(both: Both) -> None:
    before, opened, done, declined, after, _ = (row[1] for row in both.first["backlog"].table.rows)

    assert before + opened - done - declined == after  # type: ignore[operator]


def test_people(both: Both) -> None:
    rows = both.first["people"].table.rows

    assert tuple(row[1] or 0 for row in rows) == tuple(one or 0 for one in both.second.people())


def test_runbooks(both: Both) -> None:
    used = both.second.used()
    failed = ("outdated", "wrong", "not_found")
    first, failures = both.first["runbooks_used"].table, both.first["runbooks_failed"].table
    most = sorted((counts.total() for counts in used.values()), reverse=True)
    failing = sorted(sum(map(counts.get, failed, (0,) * 3)) for counts in used.values())[::-1]

    assert counted(both.first["served"]) == both.second.served()
    assert [row[1] for row in first.rows] == most[:20]
    for row, slug in slugs_of(first):
        counts = used[slug]
        bad = sum(counts[served] for served in failed)
        assert row[1:] == [counts.total(), counts["helped"], counts["partly"], bad]
    assert [sum(row[1:]) for row in failures.rows] == [count for count in failing if count][:20]
    for row, slug in slugs_of(failures):
        assert row[1:] == [used[slug][served] for served in failed]


def slugs_of(table: Any) -> Iterator[tuple[list[Any], str]]:
    for row, about in zip(table.rows, table.about, strict=True):
        yield row, about[1]


def test_runbooks_that_nobody_verified(both: Both) -> None:
    rows = both.first["unverified"].table.rows

    assert {row[0]: (row[1], row[2]) for row in rows} == both.second.unverified()


def test_alerts(both: Both) -> None:
    rows = both.first["alerts"].table.rows

    assert {row[0]: row[1:] for row in rows} == both.second.alerts()
    if both.second.team == both.second.service == "":
        assert all(any(row[place] for row in rows) for place in range(1, 6))


def test_lessons_that_were_violated(both: Both) -> None:
    rows = both.first["violated"].table.rows
    expected = both.second.violated()[:20]

    assert [(row[0], row[2]) for row in rows] == [(f"LES-{key}", n) for key, n in expected]


def test_what_came_again(both: Both) -> None:
    rows = both.first["came_again"].table.rows

    assert [row[2] for row in rows] == both.second.came_again(both.before)[:20]


def test_records_that_are_named(both: Both) -> None:
    for key, expected in (
        ("oldest_drafts", both.second.oldest_drafts()),
        ("unplaced", both.second.unplaced()),
    ):
        assert [row[0] for row in both.first[key].table.rows] == expected[:20], key


def test_drafts(both: Both) -> None:
    ages = both.second.drafts()

    for label, count, *_, median, _, longest in both.first["drafts"].table.rows:
        days = ages.get(str(label), [])
        assert count == len(days)
        assert longest == max(days, default=None)
        assert median == (pytest.approx(place_in(days, 0.5), abs=0.01) if days else None)


def test_the_same_records_give_the_same_figures() -> None:
    scope = Scope(period=read_period("2025"), user=None)

    assert figures_of(scope, at=AT) == figures_of(scope, at=AT)


def test_what_is_not_over_is_counted_up_to_now(tables: Tables) -> None:
    scope = Scope(period=read_period("2025"), user=None)
    at = datetime(2025, 6, 1, 12, tzinfo=UTC)
    figures = {figure.key: figure for figure in figures_of(scope, at=at)}
    second = Quarter(date(2025, 1, 1), date(2025, 12, 31), ZONE, tables=tables, person=None, at=at)

    rows = {row[0]: row[1] for row in figures["backlog"].table.rows}
    assert rows == {name: second.backlog().get(name, 0) for name in rows}
    unverified = {row[0]: (row[1], row[2]) for row in figures["unverified"].table.rows}
    assert unverified == second.unverified()


def test_a_period_without_records_has_figures_all_the_same() -> None:
    scope = Scope(period=read_period("1990Q1"), user=everybody())

    figures = figures_of(scope, at=AT)

    assert all(isinstance(figure, Figure) for figure in figures)
    assert counted(figures[0]) == {}


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(40) as few:
        figures_of(Scope(period=read_period("2025-12-01..2025-12-20"), user=everybody()), at=AT)
    with django_assert_max_num_queries(len(few)):
        figures_of(Scope(period=read_period("2018-01-01..2025-12-31"), user=everybody()), at=AT)


def test_a_review_is_of_a_team_or_of_a_service() -> None:
    with pytest.raises(OneOrTheOther):
        Scope(period=read_period("2025"), user=None, team=a_team(), service=a_service())


@pytest.mark.parametrize("table", ["of_team_or_service", "lessons", "lesson_links", "action_items"])
def test_what_a_scope_shows_is_what_each_table_would(table: str) -> None:
    """Whole tables are asked for few hidden incidents, rather than each row for its own."""
    people = [everybody(), somebody_named(), *User.objects.order_by("pk")[:10]]
    differing = 0
    for person in people:
        rows = getattr(Scope(period=read_period("2025"), user=person), table)()
        seen = set(rows.model.objects.visible_to(person).values_list("pk", flat=True))
        differing += len(seen) < rows.model.objects.count()
        assert set(rows.values_list("pk", flat=True)) == seen

    assert differing or table == "lesson_links"


def test_what_is_hidden_is_in_no_figure() -> None:
    period = read_period("2016-01-01..2026-12-31")
    at = AT + timedelta(days=1)
    whole = {one.key: one for one in figures_of(Scope(period=period, user=None), at=at)}
    seen = {one.key: one for one in figures_of(Scope(period=period, user=everybody()), at=at)}
    hidden = Incident.objects.filter(visibility=Visibility.RESTRICTED).exclude(state="withdrawn")
    dated = [one for one in hidden if any(getattr(one, f"{p}_at") for p in Incident.PHASES)]

    assert dated
    difference = sum(counted(whole["kind"]).values()) - sum(counted(seen["kind"]).values())
    assert difference == len(dated)
