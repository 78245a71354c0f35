"""The pages of one's own tokens."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from incidents.access.gates import one_or_404, person
from incidents.access.submissions import make_once
from incidents.directory.tokens import operations
from incidents.directory.tokens.forms import NewTokenForm
from incidents.directory.tokens.queries import tokens_of
from incidents.history.flows import REFUSED
from incidents.lib.lists import page_of


def tokens(request: HttpRequest) -> HttpResponse:
    page = page_of(tokens_of(person(request)), request.GET.get("page"))
    return render(request, "directory/tokens.html", {"page": page, "now": timezone.now()})


def new_token(request: HttpRequest) -> HttpResponse:
    """The answer to the form shows the secret, this once."""
    by, at = person(request), timezone.now()
    form = NewTokenForm(request.POST or None, user=by)
    if request.method == "POST" and form.is_valid():
        made: dict[str, object] = {}

        def make_it() -> str:
            days = form.cleaned_data["days"]
            token, secret = operations.make_token(values=form.values, days=days, by=by, at=at)
            made.update(made=token, secret=secret)
            return reverse("directory:tokens")

        try:
            address = make_once(token=form.cleaned_data["token"], by=by, at=at, make=make_it)
        except operations.TooManyTokens as refusal:
            form.add_error(None, str(refusal))
        else:
            if made:
                return render(request, "directory/token_secret.html", made)
            return redirect(address)
    status = REFUSED if form.is_bound else 200
    return render(request, "directory/new_token.html", {"form": form}, status=status)


@require_POST
def revoke_token(request: HttpRequest, token: int) -> HttpResponse:
    found = one_or_404(tokens_of(person(request)), pk=token)
    operations.revoke_token(found, by=person(request), at=timezone.now())
    messages.success(
        request, gettext("%(beginning)s… opens nothing any more.") % {"beginning": found.beginning}
    )
    return redirect("directory:tokens")
