"""Keeps what can be found in step with the records, in the transaction that writes them."""

from django.db.models import Model

from incidents.lookup.words import words_of
from incidents.models import SearchEntry


def keep_findable(row: Model) -> None:
    """Write the row's search entry anew. Called by every operation that changes what is found."""
    words = words_of(row)
    SearchEntry.objects.update_or_create(
        kind=words.kind,
        record_id=row.pk,
        defaults={"title": words.title, "names": words.names, "body": words.body},
    )
