"""Files that come with a form."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

MEGABYTE = 1_000_000


class SeveralFilesField(forms.FileField):
    """As many files as somebody chooses, or drops on it; `most_together` is in bytes.

    Cleaned, it is a list, of which none has been read.
    """

    class widget(forms.ClearableFileInput):  # noqa: N801 (as Django calls it)
        allow_multiple_selected = True

    def __init__(self, *, most_together: int, **kwargs: Any) -> None:
        # Such as an empty .env among many: there is nothing to be said of it.
        super().__init__(allow_empty_file=True, **kwargs)
        self.most_together = most_together

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        refuse_too_much(chosen, most=self.most_together)
        # Of none it says what it says of one that is missing.
        found = [super(SeveralFilesField, self).clean(one, initial) for one in chosen or [None]]
        return [one for one in found if one is not None]


def refuse_too_much(uploads: Iterable[UploadedFile], *, most: int) -> None:
    """Raises `ValidationError` for more bytes than these. Asked before any is read."""
    size = sum(one.size or 0 for one in uploads)
    if size > most:
        told, taken = (f"{number / MEGABYTE:,.0f} MB" for number in (size, most))
        raise forms.ValidationError(
            gettext("The files have %(told)s together; %(taken)s are read.")
            % {"told": told, "taken": taken}
        )
