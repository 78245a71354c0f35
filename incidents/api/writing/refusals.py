"""Why nothing was written: what operations and forms refuse, as problems with a status."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError as FormError
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import Http404
from rest_framework.exceptions import APIException, PermissionDenied, ValidationError

from incidents.access.gates import FOR_ADMINS, FOR_EDITORS
from incidents.access.permissions import may_administer, may_edit
from incidents.action_items.operations import (
    NeedsWords,
    NotInThatState,
    VerifiedByTheSamePerson,
)
from incidents.attachments.operations import NothingToDo
from incidents.history.flows import still_fits
from incidents.history.forms import RecordForm
from incidents.history.operations import EditConflict, RowGone
from incidents.knowledge.operations import CannotChangeState
from incidents.lib.markdown import TextTooLong
from incidents.models import Reach, Role, Scope, User
from incidents.records.parts.fitting import DoesNotFit
from incidents.records.states import CannotStep
from incidents.records.times import TimesOutOfOrder
from incidents.records.zone_change import NotInThatZone
from incidents.review.operations import CannotFreeze
from incidents.runbooks.operations import NotTheTextThatWasRead, RetiredRunbook

REQUEST = "request"
"""In `errors`, what is wrong with all of it and not with one field."""
NOT_NOW = (
    CannotChangeState,
    CannotFreeze,
    CannotStep,
    NothingToDo,
    NotInThatState,
    RetiredRunbook,
    VerifiedByTheSamePerson,
)
IN_THE_MOMENT = (TimesOutOfOrder, NotInThatZone)
IN_WORDS = (DoesNotFit, NeedsWords, TextTooLong)


class Unprocessable(ValidationError):
    """The JSON could be read, and says what cannot be; `errors` by field."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(errors)


class NotNow(APIException):
    """The record is not in a state in which this can be done."""

    status_code = HTTPStatus.CONFLICT


def refuse_who_may_not(user: User, scope: Scope, *, by_anybody: bool) -> None:
    """Raises `PermissionDenied`, which names what is missing: the role or the token's scope.

    `by_anybody`: whatever their role; the token has to write all the same.
    """
    if (may_administer if scope == Scope.ADMIN else may_edit)(user):
        return
    if by_anybody and user.scope != Scope.READ:
        return
    role_suffices = (
        by_anybody or user.role == Role.ADMIN or (scope == Scope.WRITE and user.role == Role.EDITOR)
    )
    if role_suffices:
        raise PermissionDenied(
            f"This token has the scope “{user.scope}”: make one with “{scope}” at /me/tokens/."
        )
    if scope == Scope.ADMIN:
        raise PermissionDenied(FOR_ADMINS)
    raise PermissionDenied(FOR_EDITORS)


OF_OWN = "This token is of own incidents: what belongs to all it only reads."


def refuse_own_reach(user: User) -> None:
    """Raises `PermissionDenied`."""
    if user.reach == Reach.OWN:
        raise PermissionDenied(OF_OWN)


def errors_of(form: BaseForm, names: dict[str, str]) -> dict[str, list[str]]:
    """By the names of the JSON; `names` are the form's, where they are others."""
    return {
        REQUEST if field == "__all__" else names.get(field, field): [str(one) for one in told]
        for field, told in form.errors.items()
    }


@contextmanager
def as_problems(form: BaseForm, names: dict[str, str]) -> Iterator[None]:
    """What an operation refuses inside, beside the field of the form that can mend it.

    Raises `Unprocessable`, `NotNow`, `Http404`; `EditConflict` and `NotTheTextThatWasRead` go on
    to who knows the row.
    """
    try:
        yield
    except (EditConflict, NotTheTextThatWasRead):
        raise
    except NOT_NOW as refusal:
        raise NotNow(str(refusal)) from refusal
    except RowGone as gone:
        raise Http404(str(gone)) from gone
    except IN_THE_MOMENT as refusal:
        raise Unprocessable({refusal.field: [str(refusal)]}) from refusal
    except (*IN_WORDS, FormError) as refusal:
        form.add_error(None, said_by(refusal))
        raise Unprocessable(errors_of(form, names)) from refusal
    except IntegrityError as error:
        if not isinstance(form, RecordForm) or still_fits(form):
            raise
        raise Unprocessable(errors_of(form, names)) from error


def said_by(refusal: Exception) -> Any:
    return refusal if isinstance(refusal, FormError) else str(refusal)
