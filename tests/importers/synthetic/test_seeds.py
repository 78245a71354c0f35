"""The same seed gives the same archive, at one go or stopped half way."""

from io import StringIO
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import CommandError, call_command

from incidents.importers.synthetic import operations, records
from incidents.importers.synthetic.operations import Archive, make_history
from incidents.models import Incident


def made(seed: int = 7) -> None:
    wish = Archive(incidents=130, runbooks=12, seed=seed)
    make_history(wish, report=lambda *_: None)


def everything() -> dict[str, Any]:
    """All rows of all tables, but for passwords that nobody knows and numbers of transactions."""
    rows = {}
    for model in apps.get_app_config("incidents").get_models():
        told = serializers.serialize("python", model._base_manager.order_by("pk"))
        for row in told:
            row["fields"].pop("password", None)
            row["fields"].pop("written", None)
        rows[model.__name__] = told
    return rows


@pytest.mark.django_db(transaction=True, reset_sequences=True)
def test_the_same_seed_gives_the_same_archive() -> None:
    made()
    first = everything()
    call_command("flush", interactive=False, verbosity=0)
    made()

    assert everything() == first


@pytest.mark.django_db
def test_another_seed_gives_another_archive() -> None:
    made()
    made(seed=8)
    texts = Incident.objects.values_list("summary", flat=True)

    assert len(texts) == 260
    assert len(set(texts)) > 250


def stopped_at(last: int) -> Any:
    """Somebody presses Ctrl-C while this record is made."""

    def make_incident(number: int, **more: Any) -> Any:
        if number == last:
            raise KeyboardInterrupt
        return records.make_incident(number, **more)

    return mock.patch.object(operations, "make_incident", make_incident)


@pytest.mark.django_db(transaction=True, reset_sequences=True)
def test_stopped_half_way_the_same_command_goes_on() -> None:
    made()
    whole = everything()
    call_command("flush", interactive=False, verbosity=0)

    with stopped_at(115), pytest.raises(CommandError) as stopped:
        call_command("make_history", incidents=130, runbooks=12, seed=7, stderr=StringIO())
    assert "100 of 130 incidents" in str(stopped.value)
    assert Incident.objects.count() == 100
    made()

    assert everything() == whole
