"""The two ways a form goes: a record is made, or a record is changed."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from incidents.access.gates import person
from incidents.access.submissions import made_before, make_once
from incidents.history.forms import NewRecordForm, RecordForm
from incidents.history.operations import EditConflict, RowGone

REFUSED = 422
CONFLICT = 409


def new_record(
    request: HttpRequest,
    *,
    form: NewRecordForm,
    make: Callable[..., Model],
    template: str,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the empty form, or make the record and go to it.

    `make` is an operation with `values=`, `by=`, `at=`. A form sent twice goes to what the first
    sending made; one that does not fit, or that the operation refuses with a `ValidationError`,
    comes back whole, with the reasons (422).
    """
    if request.method == "POST" and form.is_valid():
        by, at = person(request), timezone.now()

        def make_it() -> str:
            return address(make(values=form.values, by=by, at=at))

        try:
            return redirect(make_once(token=form.cleaned_data["token"], by=by, at=at, make=make_it))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        except IntegrityError:
            if still_fits(form):
                raise
    # Sent twice, a form no longer fits: its name is taken, by what it made the first time.
    token = form.cleaned_data.get("token") if form.is_bound else None
    if made := made_before(token=token, by=person(request)):
        return redirect(made)
    status = REFUSED if form.is_bound else 200
    return render(request, template, {**(context or {}), "form": form}, status=status)


def change_record(
    request: HttpRequest,
    *,
    form: RecordForm,
    change: Callable[..., Model],
    template: str,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the filled form, or change the record and go to it.

    `change` is an operation with the row, `version=`, `values=`, `by=`, `at=`. Where somebody else
    changed the same, the form comes back with both texts (409); where the row is gone, likewise,
    saying so, with the text still in it.
    """
    status = REFUSED if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            saved = change(
                form.instance,
                version=form.seen_version,
                values=form.values,
                by=person(request),
                at=timezone.now(),
            )
            return redirect(address(saved))
        except EditConflict as conflict:
            form.show_conflict(conflict)
            status = CONFLICT
        except ValidationError as refusal:
            form.add_error(None, refusal)
        except RowGone as gone:
            form.add_error(None, str(gone))
            status = CONFLICT
        except IntegrityError:
            if still_fits(form):
                raise
    return render(request, template, {**(context or {}), "form": form}, status=status)


def still_fits(form: RecordForm) -> bool:
    """Asked again after the database refused: has somebody else written the same name since?"""
    form.full_clean()
    return form.is_valid()


def address(row: Model) -> str:
    return str(row.get_absolute_url())  # type: ignore[attr-defined]  # every record has a page
