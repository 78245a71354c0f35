"""Knobs and factors that a record names: found, or written down when they are new."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from incidents.history.operations import create_record
from incidents.history.slugs import free_slug
from incidents.lookup.operations import keep_findable
from incidents.models import Factor, Knob, User
from incidents.records.parts.fitting import DoesNotFit, refuse_what_does_not_fit

NEW_FACTOR_WITHOUT_CATEGORY = gettext_lazy("This factor is new here: choose what it is about.")


@transaction.atomic
def ensure_factor(*, name: str, category: str, by: User | None, at: datetime) -> Factor:
    """The factor of this name, whatever its capitals; a new one gets the category.

    Raises `DoesNotFit` for a new one without a category.
    """
    name = " ".join(name.split())
    found = Factor._base_manager.filter(name__iexact=name).order_by("id").first()
    if found is not None:
        return found
    factor = Factor(name=name, slug=free_slug(Factor, name), category=category)
    if not category:
        raise DoesNotFit(NEW_FACTOR_WITHOUT_CATEGORY)
    create_record(factor, by=by, at=at, summary=f"Added the factor “{factor.name}”")
    keep_findable(factor)
    return factor


@transaction.atomic
def ensure_knob(*, component: str, key: str, unit: str = "", by: User | None, at: datetime) -> Knob:
    """The knob of this component and key; a new one gets the unit. Raises `DoesNotFit`."""
    component, key = " ".join(component.split()), " ".join(key.split())
    found = Knob._base_manager.filter(component=component, key=key).first()
    if found is not None:
        return found
    knob = Knob(component=component, key=key, unit=unit)
    refuse_what_does_not_fit(knob)
    try:
        create_record(knob, by=by, at=at, summary=f"Added the knob “{knob}”")
    except IntegrityError:
        # Somebody named it in another record at the same moment.
        return Knob._base_manager.get(component=component, key=key)
    keep_findable(knob)
    return knob
