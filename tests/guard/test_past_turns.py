"""What a change repeats, takes back, or only touches."""

import pytest

from incidents.guard.configuration import Unknown
from incidents.guard.findings import Kind, Level, Past
from incidents.guard.past_turns import ABSENT, Turn, compared
from tests.guard.readings import settled

LAUNCH = Past("INC-1", "Launch night", "/incidents/INC-1/")


def turn(before="30", after="60", part="fixed", unit="s", incident=LAUNCH):
    return Turn("unicorn", "timeout", unit, before, after, part, incident)


def found(old, new, *turns):
    before = settled(timeout=old) if old != ABSENT else settled(other=1)
    now = settled(timeout=new) if new != ABSENT else settled(other=1)
    return compared(now, before, turns or [turn()])


def test_it_works():
    (finding,) = found(60, 30)

    assert finding.kind is Kind.REPEATS
    assert finding.level is Level.WARNING
    assert finding.message == (
        "INC-1: unicorn.timeout from 30 s to 60 s fixed it; this sets it to 30 s."
    )
    assert finding.incidents == (LAUNCH,)
    assert (finding.setting.file, finding.setting.line) == ("unicorn.rb", 1)


def test_what_contributed_is_not_done_again():
    (finding,) = found(5, 50, turn("5", "50", "contributed", unit=""))

    assert finding.kind is Kind.REPEATS
    assert finding.message == "INC-1: unicorn.timeout from 5 to 50 contributed; this sets it to 50."


@pytest.mark.parametrize("new", [30, "30", "30s", "30 s", "0.5min", 20, 0])
def test_a_fix_is_taken_back_in_any_spelling_and_beyond(new):
    assert [one.kind for one in found(60, new)] == [Kind.REPEATS]


@pytest.mark.parametrize("new", [45, 90, "soon", Unknown("it is computed")])
def test_another_value_is_only_said(new):
    (finding,) = found(60, new)

    assert finding.kind is Kind.TOUCHES
    assert finding.level is Level.NOTE
    assert finding.message == "one incident turned unicorn.timeout: INC-1."


@pytest.mark.parametrize("new", [60, "60", "60s", "1 min"])
def test_what_is_not_turned_is_not_spoken_of(new):
    assert found(60, new) == []


def test_a_fix_that_set_it_for_the_first_time_is_taken_back_by_taking_it_out():
    (finding,) = found(60, ABSENT, turn(before=ABSENT))

    assert finding.kind is Kind.REPEATS
    assert "from nothing to 60 s fixed it; this takes it out" in finding.message
    # Of what is no longer there, the place where it was is shown.
    assert finding.setting.value == 60


def test_a_value_that_is_unknown_is_never_repeated():
    assert [one.kind for one in found(60, 30, turn(before=None))] == [Kind.TOUCHES]
    assert [one.kind for one in found(60, 30, turn("5", None, "contributed"))] == [Kind.TOUCHES]


@pytest.mark.parametrize("part", ["tried", "reverted"])
def test_what_was_tried_is_only_said(part):
    assert [one.kind for one in found(60, 30, turn(part=part))] == [Kind.TOUCHES]


def test_several_incidents_are_counted():
    others = [turn("1", "2", incident=Past(f"INC-{n}", "x", "/")) for n in range(2, 9)]

    (finding,) = found(60, 45, turn(), *others)

    assert finding.message == (
        "8 incidents turned unicorn.timeout: INC-1, INC-2, INC-3, INC-4, INC-5 and more."
    )


def test_a_component_that_was_not_read_is_not_taken_out():
    before = settled(timeout=60)

    assert compared(settled("nginx", "nginx.conf", timeout=1), before, [turn()]) == []


def test_names_are_compared_as_expressions_write_them():
    turned = Turn("async worker", "routes.thumb-nails", "", "shared", "own", "fixed", LAUNCH)
    before = settled("async worker", "w.toml", **{"routes.thumb-nails": "own"})
    now = settled("async_worker", "w.toml", **{"routes.thumb_nails": "shared"})

    assert [one.kind for one in compared(now, before, [turned])] == [Kind.REPEATS]
