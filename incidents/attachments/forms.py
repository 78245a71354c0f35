"""What is chosen to be attached."""

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_lazy

from incidents.attachments.operations import MEGABYTE, NewFile
from incidents.lib.uploads import SeveralFilesField

MOST_TOGETHER = 100 * MEGABYTE


class AttachForm(forms.Form):
    uploads = SeveralFilesField(
        most_together=MOST_TOGETHER,
        label=gettext_lazy("Files"),
        error_messages={"required": gettext_lazy("Choose at least one file.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django's
        size = f"{settings.ATTACHMENT_BYTES / MEGABYTE:,.3g}"
        self.fields["uploads"].help_text = gettext(
            "Choose them, or drop them here: up to %(size)s MB each. Not what has passwords in it."
        ) % {"size": size}

    @property
    def chosen(self) -> list[NewFile]:
        """Of a file that is too large as much as shows that it is."""
        return [new_file(one) for one in self.cleaned_data["uploads"]]


def new_file(uploaded: UploadedFile) -> NewFile:
    return NewFile(uploaded.name or "file", uploaded.read(settings.ATTACHMENT_BYTES + 1))
