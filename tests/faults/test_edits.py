"""A thousand edits of one record at once: each is applied, merged, or refused with both texts."""

import time
from collections import Counter
from threading import Barrier
from typing import Any, NamedTuple

import pytest
from django.test import Client

from incidents.history.operations import EditConflict
from incidents.history.queries import changes_of_row
from incidents.history.values import plain_value, redo
from incidents.models import Change, Factor, Incident, User
from incidents.records.operations import change_incident, create_incident
from tests.factories import NOW, a_factor, a_user
from tests.faults.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

THREADS, EACH = 8, 125
# One field for every two people; and one that all write to.
OWN = ("background", "response", "went_well", "made_harder")
SHARED = "impact"
# Long enough that history keeps a splice of it, not the whole.
LONG = "It went on. " * 40


class Told(NamedTuple):
    """What a person was told of one edit: `seen` is the version that it was made from."""

    field: str
    text: str
    seen: int
    kept_as: int | None = None
    conflict: EditConflict | None = None


def edits_of(person: int) -> list[tuple[str, str]]:
    """What this person writes, where: every third time into the field that all write to."""
    fields = [SHARED if n % 3 == 0 else OWN[person % len(OWN)] for n in range(EACH)]
    padding = LONG if person % 2 else ""
    return [(field, f"{padding}By {person}, edit {n}") for n, field in enumerate(fields)]


def edit_all(person: int, pk: int, by: User) -> list[Told]:
    told = []
    for field, text in edits_of(person):
        seen = Incident.objects.get(pk=pk)
        # Somebody reads before they write.
        time.sleep(0.001)
        try:
            kept = change_incident(seen, version=seen.version, values={field: text}, by=by, at=NOW)
            told.append(Told(field, text, seen.version, kept_as=kept.version))
        except EditConflict as conflict:
            told.append(Told(field, text, seen.version, conflict=conflict))
    return told


def replayed(incident: Incident) -> tuple[dict[str, Any], Counter[tuple[str, str]]]:
    """The record as its history tells it, and how often each text was written to each field."""
    lines = Change.objects.filter(document_type="incident", document_id=incident.pk)
    values: dict[str, Any] = {}
    written: Counter[tuple[str, str]] = Counter()
    for parts in lines.order_by("id").values_list("parts", flat=True):
        for field, change in parts[0]["fields"].items():
            values[field] = redo(values.get(field, ""), change)
            written[field, str(values[field])] += 1
    return values, written


def test_a_thousand_edits_lose_none() -> None:
    people = [a_user() for _ in range(THREADS)]
    incident = create_incident(values={"title": "Orders time out"}, by=people[0], at=NOW)

    answers = at_once(
        lambda person: edit_all(person, incident.pk, people[person]),
        range(THREADS),
        threads=THREADS,
    )

    told = [one for answer in answers for one in answer]
    kept = [one for one in told if one.conflict is None]
    refused = [one for one in told if one.conflict is not None]
    merged = [one for one in kept if one.kept_as != one.seen + 1]
    assert len(told) == THREADS * EACH
    assert merged
    assert refused
    incident.refresh_from_db()
    values, written = replayed(incident)
    # What was acknowledged is in the history, once; what was refused is not in it.
    assert {(one.field, one.text): written[one.field, one.text] for one in kept} == dict.fromkeys(
        [(one.field, one.text) for one in kept], 1
    )
    assert not [one for one in refused if written[one.field, one.text]]
    # Each was given a version of its own, without gaps.
    assert sorted(one.kept_as or 0 for one in kept) == list(range(2, len(kept) + 2))
    assert incident.version == 1 + len(kept) == 1 + len(changes_of_row(incident))
    # Replaying the history gives the record as it is.
    assert {field: plain_value(incident, field) for field in values} == values
    for one in refused:
        assert_both_texts(one)


def assert_both_texts(refused: Told) -> None:
    conflict = refused.conflict
    assert conflict is not None
    assert isinstance(conflict.current, Incident)
    assert conflict.wanted == {refused.field: refused.text}
    assert conflict.fields == {refused.field}
    assert conflict.current.version > refused.seen
    assert getattr(conflict.current, refused.field) not in {"", refused.text}


def test_saving_what_was_read_would_lose_them() -> None:
    """What a form's own `save()` does, so that the test above is known to see a lost edit.

    On both databases: reading and saving are two transactions, as they are in two requests.
    """
    pk = create_incident(values={"title": "Orders time out"}, by=None, at=NOW).pk
    all_have_read = Barrier(THREADS)

    def append(person: int) -> str:
        incident = Incident.objects.get(pk=pk)
        all_have_read.wait(timeout=30)
        incident.impact += f"[{person}]"
        incident.save()
        return f"[{person}]"

    written = at_once(append, range(THREADS), threads=THREADS)

    kept = Incident.objects.get(pk=pk).impact
    assert len([text for text in written if text in kept]) < THREADS


def test_through_the_pages_each_is_kept_or_shown_both() -> None:
    """The same with whole requests: 302 where it was kept, 409 with both texts where it was not."""
    rounds = 4
    people = [a_user() for _ in range(THREADS)]
    factor = a_factor(name="Pool too small", slug="pool")
    all_have_read = Barrier(THREADS)

    def edit(person: int) -> list[tuple[str, int, str]]:
        client = Client()
        client.force_login(people[person])
        answers = []
        for n in range(rounds):
            seen = Factor.objects.get(pk=factor.pk)
            all_have_read.wait(timeout=30)
            # One word: a comparison word by word shows it whole.
            text = f"person{person}round{n}"
            form = {"name": seen.name, "slug": seen.slug, "category": seen.category}
            answer = client.post(
                "/factors/pool/edit/", {**form, "description": text, "version": seen.version}
            )
            answers.append((text, answer.status_code, answer.content.decode()))
            all_have_read.wait(timeout=30)
        return answers

    told = [one for answer in at_once(edit, range(THREADS), threads=THREADS) for one in answer]

    kept = [text for text, status, _ in told if status == 302]
    refused = [(text, page) for text, status, page in told if status == 409]
    # All of a round read the same version: one of them is first.
    assert len(kept) == rounds
    assert len(refused) == rounds * (THREADS - 1)
    for text, page in refused:
        (current,) = [one for one in kept if one.endswith(text[-1])]
        assert text in page
        assert current in page
    factor.refresh_from_db()
    assert factor.version == 1 + rounds
    assert [fields["description"][1] for fields in reversed(changes_of_row(factor))] == sorted(
        kept, key=lambda text: text[-1]
    )
