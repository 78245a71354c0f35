"""The pages of one's own feeds, and the doors that their links open."""

from hashlib import sha256

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from incidents.access.gates import one_or_404, person
from incidents.access.submissions import make_once
from incidents.exports.feeds import links, operations, queries
from incidents.exports.feeds.forms import NewFeedForm
from incidents.history.flows import REFUSED
from incidents.lib.lists import page_of
from incidents.lib.rate import Counter
from incidents.lib.sparing import note_moment
from incidents.models import FeedKind

counter = Counter()


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    page = page_of(queries.feeds_of(person(request)), request.GET.get("page"))
    rows = [(feed, links.address_of(feed)) for feed in page]
    return render(request, "exports/feeds.html", {"page": page, "rows": rows})


def new_feed(request: HttpRequest, kind: FeedKind) -> HttpResponse:
    by, at = person(request), timezone.now()
    form = NewFeedForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():

        def make_it() -> str:
            feed = operations.make_feed(values=form.values, by=by, at=at)
            return f"{reverse('exports:feeds')}#feed-{feed.pk}"

        try:
            return redirect(make_once(token=form.cleaned_data["token"], by=by, at=at, make=make_it))
        except operations.TooManyFeeds as refusal:
            form.add_error(None, str(refusal))
    status = REFUSED if form.is_bound else 200
    context = {"form": form, "is_calendar": kind == FeedKind.CALENDAR}
    return render(request, "exports/new_feed.html", context, status=status)


@require_POST
def replace_feed_link(request: HttpRequest, feed: int) -> HttpResponse:
    found = one_or_404(queries.feeds_of(person(request)), pk=feed)
    operations.replace_link(found, by=person(request), at=timezone.now())
    messages.success(
        request,
        gettext("%(name)s has a new link. The old one opens nothing any more.")
        % {"name": found.name},
    )
    return redirect("exports:feeds")


@require_POST
def revoke_feed(request: HttpRequest, feed: int) -> HttpResponse:
    found = one_or_404(queries.feeds_of(person(request)), pk=feed)
    operations.revoke_feed(found, by=person(request), at=timezone.now())
    messages.success(
        request,
        gettext("The link of %(name)s opens nothing any more.") % {"name": found.name},
    )
    return redirect("exports:feeds")


@require_safe
@login_not_required
def incident_feed(request: HttpRequest, link: str) -> HttpResponseBase:
    return fetched(request, link, FeedKind.INCIDENTS)


@require_safe
@login_not_required
def calendar(request: HttpRequest, link: str) -> HttpResponseBase:
    return fetched(request, link, FeedKind.CALENDAR)


def fetched(request: HttpRequest, link: str, kind: FeedKind) -> HttpResponseBase:
    """What the link opens now, or 304 where it is what the program has.

    By the ETag alone: when an incident is restricted the newest entry may be an older one than
    before, so that "not modified since" would leave it with whom it was taken from.
    """
    address = get_adapter().get_client_ip(request)
    if refused := refused_for(f"address {address}", settings.API_ADDRESS_RATE):
        return refused
    feed = links.good_feed(link, kind)
    if feed is None:
        return HttpResponseNotFound(
            "There is no such feed.\n", content_type="text/plain; charset=utf-8"
        )
    if refused := refused_for(f"feed {feed.pk}", settings.FEED_RATE):
        return refused
    note_moment(feed, "last_fetched_at", at=timezone.now())
    with translation.override(feed.owner.reads):
        media_type, content = queries.file_of(feed)
    response = HttpResponse(content, content_type=media_type)
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Language"] = feed.owner.reads
    response["ETag"] = etag = quote_etag(sha256(content).hexdigest())
    answer = get_conditional_response(request, etag=etag, response=response)
    return answer or response


def refused_for(who: str, most: int) -> HttpResponse | None:
    """Also of links that open nothing, so that nobody tries them."""
    left = counter.count(who, most)
    if not left.is_over:
        return None
    told = f"Not more than {most} times a minute.\n"
    answer = HttpResponse(told, status=429, content_type="text/plain; charset=utf-8")
    answer["Retry-After"] = str(left.seconds)
    return answer
