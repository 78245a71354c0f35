"""Configuration files in, what past incidents say of them out: the same as the page's."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from incidents.access.bearer import shows
from incidents.access.permissions import everybody
from incidents.api.problems import refusal
from incidents.guard.files import Given
from incidents.guard.forms import MOST_SECONDS, MOST_TOGETHER, given
from incidents.guard.queries import check_files
from incidents.guard.reports import FORMATS, MEDIA_TYPES
from incidents.guard.runs.operations import with_run
from incidents.guard.runs.rows import Subject
from incidents.lib.uploads import refuse_too_much
from incidents.models import LONG, CheckDoor

JSON = "json"
NAMES = ("name", "revision", "component")


@csrf_exempt
@login_not_required
def view(request: HttpRequest) -> HttpResponse:
    """`files` and `before` are files of a form, `component`, `format`, `name` and `revision` fields
    of it; the last two are what the run is kept as.

    Shown is what everybody who signs in may see. No session's cookie is looked at: a page of
    another site could make a browser send it.
    """
    if refused := refused_at_the_door(request) or refused_for_its_fields(request):
        return refused
    format_ = request.POST.get("format", JSON)
    subject = Subject(
        files=uploaded(request, "files"),
        before=uploaded(request, "before"),
        **{name: request.POST.get(name, "").strip() for name in NAMES},
    )
    report = check_files(
        subject.files,
        everybody(),
        before=subject.before or None,
        component=subject.component or None,
        site=settings.SITE_URL,
        seconds=MOST_SECONDS,
    )
    report = with_run(
        report,
        subject,
        door=CheckDoor.PROGRAM,
        by=None,
        at=timezone.now(),
        site=settings.SITE_URL,
    )
    return HttpResponse(FORMATS[format_](report), content_type=MEDIA_TYPES[format_])


def refused_at_the_door(request: HttpRequest) -> JsonResponse | None:
    if request.method != "POST":
        answer = refusal(405, "Only POST is answered here.")
        answer["Allow"] = "POST"
        return answer
    if not settings.GUARD_TOKEN:
        return refusal(403, "This site checks nothing for programs: GUARD_TOKEN is not set.")
    if not shows(request, settings.GUARD_TOKEN):
        answer = refusal(401, "The bearer token is missing or wrong.")
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    return None


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
