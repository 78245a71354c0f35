"""Where agents ask by HTTP."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from incidents.api.authentication import ByToken
from incidents.api.problems import refusal
from incidents.api.views import Answer

LARGEST = 5_000_000
"""Bytes of one request."""
NOT_TOLD = {"authorization", "cookie"}
OF_THE_ANSWER = {"content-type", "allow"}


class Agents(Answer):
    """The protocol's streamable HTTP, without sessions and without streams: each POST is answered
    with JSON. A cookie counts for nothing here."""

    authentication_classes = (ByToken,)  # type: ignore[assignment]  # fewer than elsewhere
    http_method_names = ("post",)  # type: ignore[assignment]  # fewer than elsewhere
    schema = None  # type: ignore[assignment]  # it is not of the description
    takes = None

    def post(self, request: Request) -> HttpResponse:
        django_request = request._request  # noqa: SLF001 (DRF's own way to Django's request)
        refuse_other_sites(django_request.headers.get("Origin", ""))
        body = django_request.read(LARGEST + 1)
        if len(body) > LARGEST:
            return refusal(413, f"The request is larger than {LARGEST:,} bytes.")
        # A second and 38 MB, which only those processes spend that an agent asks.
        from incidents.api.agents.over_http import exchange  # noqa: PLC0415
        from incidents.api.agents.server import server_for  # noqa: PLC0415

        user = self.user
        headers = [
            (name, value)
            for name, value in django_request.headers.items()
            if name.lower() not in NOT_TOLD
        ]
        told = exchange(
            server_for(lambda: user), path=django_request.path, headers=headers, body=body
        )
        kept = {name: value for name, value in told.headers if name.lower() in OF_THE_ANSWER}
        return HttpResponse(told.body, status=told.status, headers=kept)


def refuse_other_sites(origin: str) -> None:
    """A page of another site may not make a browser ask here. Raises `PermissionDenied`."""
    ours = urlsplit(settings.SITE_URL)
    if origin and origin not in {f"{ours.scheme}://{ours.netloc}", *settings.CSRF_TRUSTED_ORIGINS}:
        raise PermissionDenied("A page of another site asks: this one answers none.")
