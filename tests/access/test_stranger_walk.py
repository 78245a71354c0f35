"""Nobody who is not named on a restricted incident is told anything of it, at any address."""

import pytest
from django.urls import reverse

from incidents.access.tokens import new_secret
from incidents.models import ActionItem, Change, Factor, Incident, Knob, Lesson, Reviewer
from tests.access.restricted import MARK, World, a_world, hide_an_incident, part_rows, told_by
from tests.access.walk import Stranger, but_for_the_echo, visits, whole
from tests.factories import a_token

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("_quiet"),
    # Hundreds of whole requests each.
    pytest.mark.timeout(400),
]

EVERY_WAY = ("get", "post")


def stranger(world: World, who: str) -> Stranger:
    return Stranger(None if who == "nobody" else getattr(world, who))


@pytest.mark.parametrize(
    ("who", "methods"),
    [
        ("nobody", EVERY_WAY),
        ("reader", EVERY_WAY),
        ("editor", EVERY_WAY),
        ("admin", EVERY_WAY),
        ("former", ("get",)),
    ],
)
def test_no_address_tells_anything(world: World, who: str, methods: tuple[str, ...]) -> None:
    walker = stranger(world, who)

    for visit in visits(world):
        walker.visit(visit, methods=methods)

    assert walker.told == {}
    # As if there were no such record.
    assert walker.differing == []
    assert walker.pages > 500


@pytest.mark.parametrize(
    ("who", "over"),
    [
        ("reader", {}),
        ("admin", {"scope": "admin"}),
        # Named on the record, and shows a token that does not reach it.
        ("named", {"reach": "own"}),
    ],
)
def test_no_token_opens_more(world: World, who: str, over: dict[str, str]) -> None:
    owner, secret = getattr(world, who), new_secret()
    a_token(owner, secret=secret, **over)
    walker = Stranger(owner, secret=secret)

    for visit in visits(world):
        if visit.path.startswith("/api/"):
            walker.visit(visit, methods=("get",))

    assert walker.told == {}
    assert walker.differing == []
    assert walker.pages > 20


def test_a_token_of_who_is_named_is_shown_it(world: World) -> None:
    secret = new_secret()
    a_token(world.named, secret=secret)
    walker = Stranger(world.named, secret=secret)

    for visit in visits(world):
        if visit.path.startswith("/api/") and visit.twin:
            walker.get(visit.path)

    shown = set().union(*walker.told.values())
    # Whom it was shown for review stands on its page alone.
    rows = [world.incident, *(row for row in part_rows(world) if not isinstance(row, Reviewer))]
    for row in rows:
        row.refresh_from_db()
    words = {word for row in rows for word in told_by(str(vars(row))) if word.startswith(MARK)}
    assert len(words) > 20
    assert words - shown == set()


def test_no_open_page_is_different_for_it() -> None:
    """No count, no order, no gap: every page is the same as before the restricted incident."""
    world = a_world()
    open_pages = [visit.path for visit in visits(world) if not visit.twin]
    reader = stranger(world, "admin")
    before = {path: but_for_the_echo(whole(reader.get(path))) for path in open_pages}

    hide_an_incident(world)

    after = {path: but_for_the_echo(whole(reader.get(path))) for path in open_pages}
    assert len(open_pages) > 60
    assert [path for path in open_pages if before[path] != after[path]] == []


@pytest.mark.parametrize("who", ["owner", "named", "teammate"])
def test_who_is_named_is_shown_all_of_it(world: World, who: str) -> None:
    """So the canaries are really there to be found."""
    walker = stranger(world, who)

    for visit in visits(world):
        if visit.twin:
            walker.get(visit.path)
    for line in Change.objects.filter(document_type="incident", document_id=world.incident.pk):
        walker.get(reverse("history:change", args=["incident", world.incident.pk, line.pk]))

    shown = set().union(*walker.told.values())
    assert every_canary() - shown == set()


def every_canary() -> set[str]:
    """The words of the restricted rows, and those that only their history still has."""
    return {
        word
        for line in Change.objects.all()
        for word in told_by(f"{line.summary} {line.parts}")
        if word.startswith(MARK)
    }


def test_without_the_gate_the_walk_would_see_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for table in (Incident, Lesson, ActionItem, Factor, Knob):
        monkeypatch.setattr(type(table.objects.all()), "visible_to", lambda rows, user: rows.all())
    walker = stranger(world, "reader")

    for visit in visits(world):
        if "history" not in visit.address:
            walker.visit(visit, methods=("get",))

    assert len(walker.told) > 10
    assert len(walker.differing) > 10
