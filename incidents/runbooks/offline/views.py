"""Keeping the runbooks where no server is needed: on a device, or in a file."""

import json
import re
from gzip import decompress
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from incidents.access.gates import person
from incidents.models import Runbook, User
from incidents.runbooks.offline import queries
from incidents.runbooks.offline.copies import WORDS, fingerprint, in_copies, kept
from incidents.runbooks.offline.file import file_of
from incidents.runbooks.offline.owner import mark_of

BYTES_PER_CHARACTER, BYTES_PER_RUNBOOK = 1.8, 900
"""What a copy takes for the HTML of its runbooks, and for each beside that: about (as measured for
docs/use/offline.md)."""
PIECE = re.compile(r'(?:href|src)="([^"#]+)"')


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a device keeps is known to it alone: its scripts fill that in."""
    count = Runbook.objects.active().count()
    context = {
        "count": count,
        "bytes": round(BYTES_PER_CHARACTER * queries.length_of_texts() + BYTES_PER_RUNBOOK * count),
        "services": queries.services_with_runbooks(),
    }
    return render(request, "runbooks/offline.html", context)


@require_safe
@login_not_required
def offline_copy(request: HttpRequest) -> HttpResponse:
    """The copy for a device, as JSON; not sent again where the device has the same.

    Scripts are told 401 where people are sent to the sign-in: the device then forgets its copy.
    """
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return JsonResponse({"error": "Sign in first."}, status=401)
    services, owner = request.GET.getlist("service"), mark_of(user)
    mark = fingerprint(services)
    etag = f'W/"{mark}-{owner}"'
    if (unchanged := get_conditional_response(request, etag=etag)) is not None:
        return unchanged
    told = kept.copy(mark, services, at=timezone.now())
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(told if takes_gzip else decompress(told), "application/json")
    if takes_gzip:
        answer["Content-Encoding"] = "gzip"
    patch_vary_headers(answer, ["Accept-Encoding", "Cookie"])
    answer["ETag"] = etag
    answer["Copy-For"] = owner
    return answer


@require_safe
def offline_file(request: HttpRequest) -> HttpResponse:
    """Everything in one HTML file, to be kept somewhere else."""
    at = timezone.now()
    services = request.GET.getlist("service")
    copy = json.loads(decompress(kept.copy(fingerprint(services), services, at=at)))
    # What this process made earlier says the same now.
    answer = HttpResponse(file_of({**copy, "made_at": in_copies(at)}))
    name = f"runbooks-{person(request).date_at(at)}.html"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
@login_not_required
def offline_shell(_request: HttpRequest) -> HttpResponse:
    """What a device shows instead of a page of the site. Nothing of a person is in it."""
    return HttpResponse(shell())


@require_safe
@login_not_required
@never_cache
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker; it stands at the top, since it answers for the whole site."""
    page = shell()
    pieces = sorted({address for address in PIECE.findall(page) if is_piece(address)})
    told: dict[str, Any] = {
        "shell": reverse("runbooks:offline_shell"),
        "pieces": pieces,
        # Another shell or another piece is another version.
        "version": sha256(page.encode()).hexdigest()[:16],
        "home": reverse("lookup:home"),
        "lookup": reverse("lookup:lookup"),
        "runbooks": reverse("runbooks:runbooks"),
        "copy": reverse("runbooks:offline_copy"),
    }
    scripts = [static(f"js/offline/{name}.js") for name in ("store", "worker")]
    text = f"self.settings = {json.dumps(told)};\nimportScripts({json.dumps(scripts)[1:-1]});\n"
    answer = HttpResponse(text, "text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = reverse("lookup:home")
    return answer


def shell() -> str:
    return render_to_string("runbooks/offline/shell.html", {"words": WORDS})


def is_piece(address: str) -> bool:
    return address.startswith(settings.STATIC_URL)
