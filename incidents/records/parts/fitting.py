"""Asking the constraints before the database does, for the sake of their words."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model


class DoesNotFit(Exception):
    """A row contradicts itself or its record; the message says how."""


def refuse_what_does_not_fit(row: Model) -> None:
    """The answer holds for as long as the caller holds the record. Raises `DoesNotFit`."""
    try:
        row.validate_constraints()
    except ValidationError as error:
        problems = error.message_dict
        messages = problems.get(NON_FIELD_ERRORS) or next(iter(problems.values()))
        raise DoesNotFit(messages[0]) from error
