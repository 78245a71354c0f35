"""The sections of the site, as the header shows them."""

from dataclasses import dataclass, replace

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy

from incidents.lib.words.translated import Translated

register = template.Library()


@dataclass(frozen=True, kw_only=True)
class Section:
    name: Translated
    url_name: str
    icon: str
    # The keys that lead there, as static/js/keys.js reads them.
    keys: str = ""
    url: str = ""
    is_current: bool = False


SECTIONS = (
    Section(name=gettext_lazy("Incidents"), url_name="records:incidents", icon="fire", keys="g i"),
    Section(
        name=gettext_lazy("Runbooks"), url_name="runbooks:runbooks", icon="book-open", keys="g r"
    ),
    Section(
        name=gettext_lazy("Lessons"), url_name="knowledge:lessons", icon="light-bulb", keys="g l"
    ),
    Section(
        name=gettext_lazy("Knobs"),
        url_name="knowledge:knobs",
        icon="adjustments-horizontal",
        keys="g k",
    ),
    Section(name=gettext_lazy("Factors"), url_name="knowledge:factors", icon="puzzle-piece"),
    Section(
        name=gettext_lazy("Actions"),
        url_name="action_items:action_items",
        icon="clipboard-document-check",
        keys="g a",
    ),
    Section(name=gettext_lazy("Reviews"), url_name="review:reviews", icon="presentation-chart-bar"),
    Section(name=gettext_lazy("Services"), url_name="directory:services", icon="server-stack"),
    Section(name=gettext_lazy("Teams"), url_name="directory:teams", icon="user-group"),
)


@register.simple_tag(takes_context=True)
def sections(context: Context) -> list[Section]:
    """The sections, the one of the present page marked: the one its address begins with."""
    request = context.get("request")
    path = request.path if request is not None else ""
    return [
        replace(section, url=url, is_current=path.startswith(url))
        for section in SECTIONS
        for url in [reverse(section.url_name)]
    ]
