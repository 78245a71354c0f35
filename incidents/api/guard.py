"""Configuration files in, what past incidents say of them out: the same as the page's."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from incidents.access.bearer import shows
from incidents.access.permissions import everybody
from incidents.api.authentication import ByToken
from incidents.api.problems import refusal
from incidents.api.views import Answer
from incidents.guard.files import Given
from incidents.guard.forms import MOST_SECONDS, MOST_TOGETHER, given
from incidents.guard.queries import check_files
from incidents.guard.reports import FORMATS, MEDIA_TYPES
from incidents.guard.runs.operations import with_run
from incidents.guard.runs.rows import Subject
from incidents.lib.uploads import refuse_too_much
from incidents.models import LONG, CheckDoor, User

JSON = "json"
NAMES = ("name", "revision", "component")


class BySitesToken(BaseAuthentication):
    """The site's own `GUARD_TOKEN`: whoever shows it sees what everybody who signs in may see."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        django_request = request._request  # noqa: SLF001 (DRF's own way to Django's request)
        return (everybody(), None) if shows(django_request, settings.GUARD_TOKEN) else None

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 (DRF's signature)
        return "Bearer"


class Check(Answer):
    """`files` and `before` are files of a form, `component`, `format`, `name` and `revision` fields
    of it; the last two are what the run is kept as.

    With the site's token what everybody who signs in may see is shown, with a personal one what its
    owner may see. No session's cookie is looked at: a page of another site could make a browser
    send it.
    """

    authentication_classes = (BySitesToken, ByToken)
    http_method_names = ("post",)  # type: ignore[assignment]  # fewer than elsewhere
    schema = None  # type: ignore[assignment]  # it is not of the description
    takes = None

    def perform_content_negotiation(
        self,
        request: Request,  # noqa: ARG002 (DRF's signature)
        force: bool = False,  # noqa: ARG002, FBT001, FBT002 (as above)
    ) -> tuple[JSONRenderer, str]:
        """`format` says what the answer is."""
        return JSONRenderer(), "application/json"

    def post(self, request: Request) -> HttpResponse:
        sent = request._request  # noqa: SLF001 (DRF's own way to Django's request)
        return refused_for_its_fields(sent) or checked(sent, self.user)


def checked(request: HttpRequest, user: User) -> HttpResponse:
    format_ = request.POST.get("format", JSON)
    subject = Subject(
        files=uploaded(request, "files"),
        before=uploaded(request, "before"),
        **{name: request.POST.get(name, "").strip() for name in NAMES},
    )
    report = check_files(
        subject.files,
        user,
        before=subject.before or None,
        component=subject.component or None,
        site=settings.SITE_URL,
        seconds=MOST_SECONDS,
    )
    report = with_run(
        report,
        subject,
        door=CheckDoor.PROGRAM,
        by=user if user.pk else None,
        at=timezone.now(),
        site=settings.SITE_URL,
    )
    return HttpResponse(FORMATS[format_](report), content_type=MEDIA_TYPES[format_])


def refused_for_its_fields(request: HttpRequest) -> JsonResponse | None:
    if request.POST.get("format", JSON) not in FORMATS:
        return refusal(400, f"“format” is one of {', '.join(FORMATS)}.")
    if not request.FILES.getlist("files"):
        return refusal(400, "Send at least one file: curl -F files=@unicorn.rb")
    for name in NAMES:
        if len(request.POST.get(name, "").strip()) > LONG:
            return refusal(400, f"“{name}” has more than {LONG} characters.")
    try:
        files = [*request.FILES.getlist("files"), *request.FILES.getlist("before")]
        refuse_too_much(files, most=MOST_TOGETHER)
    except ValidationError as error:
        return refusal(413, error.messages[0])
    return None


def uploaded(request: HttpRequest, name: str) -> list[Given]:
    return [given(one) for one in request.FILES.getlist(name)]
