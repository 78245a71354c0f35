"""The names that stand in addresses: made from a title, or chosen and then not given twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from incidents.models import Factor, Runbook, Service, Team

# `/runbooks/new/` is the form of a new one, `/runbooks/coverage/` the page of alerts without one,
# `/runbooks/offline/` that of the copies.
RESERVED = frozenset({"new", "coverage", "offline"})

Named = Factor | Runbook | Service | Team


class SlugTaken(ValidationError):
    """Another record of the kind, or a page of the site, has this address."""

    def __init__(self, slug: str) -> None:
        sentence = gettext("“%(slug)s” is taken already: choose another one.") % {"slug": slug}
        if slug in RESERVED:
            sentence = gettext(
                "“%(slug)s” is the address of a page of the site: choose another one."
            ) % {"slug": slug}
        super().__init__({"slug": sentence})


def free_slug(table: type[Named], title: str) -> str:
    """The title as an address, with a number where others have it already.

    "Redis is full" → `redis-is-full`, then `redis-is-full-2`. A title without a single Latin letter
    or digit becomes the name of its kind: `runbook`, `runbook-2`.
    """
    room = (table._meta.get_field("slug").max_length or 0) - len("-9999")
    stem = slugify(title)[:room].strip("-_") or str(table._meta.model_name)
    taken = set(table.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= RESERVED
    candidates = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return next(slug for slug in candidates if slug not in taken)


@contextmanager
def slug_or_refusal(table: type[Named], slug: str | None) -> Iterator[None]:
    """Whatever is saved inside with this slug is saved, or `SlugTaken` is raised.

    None stands for a slug that is not being changed.
    """
    if slug in RESERVED:
        raise SlugTaken(str(slug))
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        # Asked afterwards, so that two people who choose the same at once cannot both be let in.
        if slug is not None and table.objects.filter(slug=slug).exists():
            raise SlugTaken(slug) from error
        raise
