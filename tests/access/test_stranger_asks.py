"""Whoever names a restricted record in a form is answered as for one that does not exist."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from incidents.models import ActionItem, Factor, Incident, Knob, Lesson, Tag
from tests.access.restricted import NOBODYS_KEY, World
from tests.access.walk import NOBODYS_WORD, Stranger, visits
from tests.pages import Form, Input

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("_quiet"),
    # Hundreds of whole requests each.
    pytest.mark.timeout(400),
]


class Named(NamedTuple):
    """A way to name a restricted record, and the same for one that is not there."""

    secret: str
    nobody: str


def names_of(world: World) -> dict[str, Named]:
    nobody = str(NOBODYS_KEY)
    factor, knob = world.secret[Factor], world.secret[Knob]
    rows = {"INC": Incident, "LES": Lesson, "ACT": ActionItem}
    references = {
        prefix: Named(f"{prefix}-{world.secret[table].pk}", f"{prefix}-{nobody}")
        for prefix, table in rows.items()
    }
    tag = Tag.objects.get(incidents=world.incident)
    return {
        **references,
        "incident's key": Named(str(world.incident.pk), nobody),
        "factor's key": Named(str(factor.pk), nobody),
        "knob's key": Named(str(knob.pk), nobody),
        "tag's key": Named(str(tag.pk), nobody),
        "title": Named(world.incident.title, NOBODYS_WORD),
        "factor's address": Named(factor.slug, NOBODYS_WORD),
        "tag": Named(tag.name, NOBODYS_WORD),
        "knob": Named(f"{knob.component}/{knob.key}", f"{NOBODYS_WORD}/{NOBODYS_WORD}"),
    }


# Every field is tried with these …
EVERYWHERE = ("INC", "factor's key", "knob")
# … and those that take one, by their name, with what fits.
FITTING = {
    "incident": "INC",
    "learned_from": "INC",
    "other": "INC",
    "lesson": "LES",
    "replacement": "LES",
    "knob": "knob",
    "knobs": "knob",
    "tag": "tag",
    "tags": "tag",
}


def forms_of_the_site(walker: Stranger, world: World) -> list[Form]:
    """Each once, though it stands on every page."""
    found: dict[tuple[str, frozenset[str]], Form] = {}
    shapes = {re.sub(r"\d+", "", one.path): one.path for one in visits(world) if not one.twin}
    for path in shapes.values():
        for form in walker.forms(path):
            page = re.sub(r"\d+", "", form.action)
            found.setdefault((page, frozenset(form.names())), form)
    return list(found.values())


# What a list can be asked for: by a word that is typed, or by one of a list of choices.
BY_KIND = {
    "text": ["title", "INC", "knob"],
    "search": ["title", "INC"],
    "select": ["factor's key", "knob's key", "tag's key", "factor's address", "tag"],
}


def typed(one: Input) -> bool:
    """What a password lacks is told by its letters: of two, one may be among the known ones."""
    return one.kind not in {"hidden", "checkbox", "password"}


def posted(form: Form, names: dict[str, Named]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The form filled in: every field with one name; and what fits, the rest as it should be."""
    untouched = form.sent()
    for named in (names[name] for name in EVERYWHERE):
        yield tuple(  # type: ignore[misc]  # two of them
            {**untouched, **{one.name: name for one in form.inputs if typed(one)}} for name in named
        )
    filled = {**untouched}
    for one in form.inputs:
        if typed(one) and filled.get(one.name) == [""]:
            filled[one.name] = ["Something new"]
    fitting = {name: names[FITTING[name]] for name in form.names() & FITTING.keys()}
    if fitting:
        yield tuple(  # type: ignore[misc]  # two of them
            {**filled, **{name: named[n] for name, named in fitting.items()}} for n in (0, 1)
        )


def test_no_form_tells_that_there_is_one(world: World) -> None:
    walker = Stranger(world.editor)
    names = names_of(world)
    forms = [form for form in forms_of_the_site(walker, world) if form.method == "post"]

    for form in forms:
        for secret, nobody in posted(form, names):
            one = walker.asked("post", form.action, secret)
            other = walker.asked("post", form.action, nobody)
            walker.compare(f"{form.action} {secret}", one, other)

    assert len(forms) > 15
    assert walker.told == {}
    assert walker.differing == []


def test_no_list_can_be_asked_for_it(world: World) -> None:
    walker = Stranger(world.admin)
    names = names_of(world)
    forms = [form for form in forms_of_the_site(walker, world) if form.method == "get"]
    # Forms of one page have inputs of one name, and each asks the same of it.
    asked = {(form.action, one.name, one.kind) for form in forms for one in form.inputs}

    for action, field, kind in sorted(asked):
        for named in (names[name] for name in BY_KIND.get(kind, [])):
            answers = [walker.get(action, {field: name}) for name in named]
            walker.compare(f"{action}?{field}={named.secret}", *answers)

    assert {"/incidents/", "/lessons/", "/actions/", "/knobs/"} <= {form.action for form in forms}
    assert walker.told == {}
    assert walker.differing == []
