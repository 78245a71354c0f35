"""One page with all that the other pages are made of, for those who look after the site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from incidents.access.gates import admins_only
from incidents.styleguide.samples import samples
from incidents.styleguide.tokens import Theme, colours, pairs, sizes


@admins_only
def styleguide(request: HttpRequest) -> HttpResponse:
    """Day and night side by side, from the templates that the pages use."""
    shown = [(theme, samples(theme, request.GET), colours(theme), pairs(theme)) for theme in Theme]
    return render(request, "styleguide/styleguide.html", {"themes": shown, "sizes": sizes()})
