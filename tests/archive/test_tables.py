"""Every table and every column is in the archive, or is left out for a reason that is written."""

import pytest
from django.apps import apps
from django.db import models

from incidents.archive.columns import codec_of
from incidents.archive.kinds import KINDS, LISTS, tables
from incidents.archive.tables import LEFT_OUT, LETTERS, NAMES, derived

MODELS = list(apps.get_app_config("incidents").get_models())


def test_every_table_is_kept_or_left_out_for_a_reason() -> None:
    kept = {table.model.__name__ for table in tables()}

    assert {"Incident", "Change"} <= kept
    assert kept.isdisjoint(LEFT_OUT)
    assert {model.__name__ for model in MODELS} == kept | LEFT_OUT.keys()
    assert all(LEFT_OUT.values())


def test_every_column_is_kept_or_left_out_for_a_reason() -> None:
    found = [
        *(kind.table for kind in KINDS),
        *(table for kind in KINDS for table in (*kind.parts.values(), *kind.files.values())),
        *LISTS.values(),
    ]
    for table in found:
        known = {
            field.name for field in (*table.model._meta.fields, *table.model._meta.many_to_many)
        }
        kept = {column.name for column in table.columns}
        gone = derived(table.model) | set(table.owner) | table.left_out.keys()

        assert kept | gone == known, table.name
        assert kept.isdisjoint(gone), table.name
        assert all(table.left_out.values())


def test_what_is_rendered_is_not_kept() -> None:
    texts = {column.name for table in tables() for column in table.columns}

    assert not {name for name in texts if name.endswith("_html")}


def test_every_record_that_is_named_has_a_name() -> None:
    """A row that names another by a key would say nothing in the files."""
    named = {column.target for table in tables() for column in table.columns if column.target}

    assert named == {*NAMES, *LETTERS}


def test_names_are_nobody_elses() -> None:
    for model, columns in NAMES.items():
        alone = len(columns) == 1 and model._meta.get_field(columns[0]).unique
        constraints = [
            each for each in model._meta.constraints if isinstance(each, models.UniqueConstraint)
        ]
        assert alone or any(each.fields == columns for each in constraints), model.__name__


def test_a_kind_of_column_that_nobody_thought_of_is_noticed() -> None:
    with pytest.raises(TypeError, match="cannot keep a DurationField"):
        codec_of(models.DurationField())
