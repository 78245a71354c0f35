"""Every name that Django made of a column or a table, and that people see, can be translated."""

from incidents.history.documents import TABLES
from incidents.history.words import columns_of, kind_of
from incidents.lib.secret_values import SHAPES
from incidents.lib.words.fields import FIELDS, KINDS
from incidents.lib.words.secret_kinds import KINDS as SECRETS


def test_fields() -> None:
    assert {column.label for record in TABLES for column in columns_of(record)} <= FIELDS


def test_kinds() -> None:
    assert {kind_of(record) for record in TABLES} <= KINDS


def test_secrets() -> None:
    assert SHAPES.keys() <= SECRETS
