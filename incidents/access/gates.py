"""The gates: every view gets its person and its record through one of these.

404 where somebody may not know that a record exists, 403 where they may see it but not do this.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Protocol, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext, gettext_lazy

from incidents.access.permissions import may_administer, may_edit
from incidents.models import User

Row = TypeVar("Row", bound=Model)
Row_co = TypeVar("Row_co", bound=Model, covariant=True)


def person(request: HttpRequest) -> User:
    """Who is signed in. Raises `PermissionDenied` for nobody (the middleware asks first)."""
    if not isinstance(request.user, User):
        raise PermissionDenied(gettext("Sign in first."))
    return request.user


class Visible(Protocol[Row_co]):
    def visible_to(self, user: User | AnonymousUser) -> QuerySet[Row_co]: ...


def visible_or_404(rows: Visible[Row], user: User, **wanted: object) -> Row:
    """The one row of `rows` that matches, if this person may know of it; `Http404` otherwise.

    A row that does not exist and one that may not be known of give the same answer.
    """
    return one_or_404(rows.visible_to(user), **wanted)


def one_or_404(rows: QuerySet[Row], **wanted: object) -> Row:
    """The one row that matches; `Http404` otherwise, also for numbers that no row can have."""
    # PostgreSQL takes no text with it, not even to look for it.
    has_nul = any(isinstance(value, str) and "\0" in value for value in wanted.values())
    try:
        found = None if has_nul else rows.filter(**wanted).first()
    except (OverflowError, ValueError):
        found = None
    if found is None:
        raise Http404(gettext("There is no such record, or it is not open to you."))
    return found


FOR_EDITORS = gettext_lazy("Your role is reader: ask an administrator to make you editor.")
FOR_ADMINS = gettext_lazy("This is for administrators.")


def require_editor(user: User | AnonymousUser) -> None:
    """For who changes something on a page that readers see. Raises `PermissionDenied`."""
    if not may_edit(user):
        raise PermissionDenied(FOR_EDITORS)


View = Callable[Concatenate[HttpRequest, ...], HttpResponseBase]


def editors_only(view: View) -> View:
    """Readers are told that they may not change records (403)."""

    @wraps(view)
    def gated(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        require_editor(request.user)
        return view(request, *args, **kwargs)

    return gated


def admins_only(view: View) -> View:
    """Everybody but administrators is told that they may not (403)."""

    @wraps(view)
    def gated(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not may_administer(request.user):
            raise PermissionDenied(FOR_ADMINS)
        return view(request, *args, **kwargs)

    return gated
