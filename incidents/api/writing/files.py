"""Forms with files, which JSON cannot bear."""

from hashlib import file_digest, sha256

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request

from incidents.api.writing.refusals import Unprocessable

FORM = "multipart/form-data"


def form_of(request: Request, *, fields: frozenset[str] | set[str]) -> HttpRequest:
    """The request with its `POST` and its `FILES`, which have these fields and no others.

    Raises `UnsupportedMediaType`, `Unprocessable`, and Django's own for what is no whole form.
    """
    sent: HttpRequest = request._request  # noqa: SLF001 (DRF's own way to Django's request)
    if sent.content_type != FORM:
        raise UnsupportedMediaType(str(sent.content_type), detail=f"Send a form, as {FORM}.")
    told = sorted({*sent.POST, *sent.FILES} - fields)
    known = ", ".join(sorted(fields))
    if told:
        raise Unprocessable(
            {name[:80]: [f"This is no field here. There are: {known}."] for name in told}
        )
    return sent


def one_file(request: Request, name: str) -> UploadedFile:
    """The one file of a form that has nothing else. Raises as `form_of`."""
    found = form_of(request, fields={name}).FILES.getlist(name)
    if len(found) != 1:
        raise Unprocessable({name: [f"Send one file: `curl -F {name}=@graph.png`."]})
    return found[0]


def digest_of(request: Request) -> bytes:
    """Of what the form says and of what is in its files: its boundary differs each time."""
    sent: HttpRequest = request._request  # noqa: SLF001 (as above)
    whole = sha256()
    for name in sorted(sent.POST):
        whole.update(repr((name, sent.POST.getlist(name))).encode())
    for name in sorted(sent.FILES):
        for one in sent.FILES.getlist(name):
            one.seek(0)
            told = file_digest(one, "sha256").hexdigest()
            one.seek(0)
            whole.update(repr((name, one.name, told)).encode())
    return whole.digest()
