"""The pages of the site by name, and what can be done there: what the palette offers for a word."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from incidents.access.permissions import may_administer, may_edit
from incidents.lib.periods import quarter_of
from incidents.lib.words.translated import Translated
from incidents.models import User

WORD = re.compile(r"\w+")


class Needs(Enum):
    NOTHING = "nothing"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Place:
    """`words` find it as well as its name does."""

    name: Translated
    url_name: str
    icon: str
    words: Translated = ""
    needs: Needs = Needs.NOTHING
    keys: str = ""

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True)
class Quarter(Place):
    """The review of the quarter of a day."""

    day: date = field(kw_only=True)

    @property
    def url(self) -> str:
        return reverse(self.url_name, args=[quarter_of(self.day).key])


LIST = pgettext_lazy("words that find a page", "list")
CREATE = pgettext_lazy("words that find a page", "create")
SEARCH = pgettext_lazy("words that find a page", "search")
FIGURES = pgettext_lazy("words that find a page", "figures")
EDITOR, ADMINISTRATOR = Needs.EDITOR, Needs.ADMINISTRATOR
# Doing first, then looking; within each, what is wanted most often stands first.
PLACES = (
    Place(
        gettext_lazy("New incident"),
        "records:new_incident",
        "plus",
        gettext_lazy("record create write postmortem"),
        EDITOR,
        "n",
    ),
    Place(
        gettext_lazy("Paste an alert"),
        "lookup:home",
        "bell-alert",
        gettext_lazy("lookup error runbook home start"),
    ),
    Place(
        gettext_lazy("My action items"),
        "action_items:mine",
        "clipboard-document-check",
        gettext_lazy("work todo tasks"),
    ),
    Place(
        gettext_lazy("Incidents"),
        "records:incidents",
        "fire",
        gettext_lazy("postmortems records list"),
        keys="g i",
    ),
    Place(
        gettext_lazy("Runbooks"),
        "runbooks:runbooks",
        "book-open",
        LIST,
        keys="g r",
    ),
    Place(
        gettext_lazy("Action items"),
        "action_items:action_items",
        "clipboard-document-check",
        gettext_lazy("tasks list"),
        keys="g a",
    ),
    Place(
        gettext_lazy("Lessons"),
        "knowledge:lessons",
        "light-bulb",
        LIST,
        keys="g l",
    ),
    Place(
        gettext_lazy("Knobs"),
        "knowledge:knobs",
        "adjustments-horizontal",
        gettext_lazy("configuration settings list"),
        keys="g k",
    ),
    Place(
        gettext_lazy("Factors"),
        "knowledge:factors",
        "puzzle-piece",
        gettext_lazy("causes vocabulary list"),
    ),
    Place(
        gettext_lazy("Reviews"),
        "review:reviews",
        "presentation-chart-bar",
        gettext_lazy("quarters year figures list"),
    ),
    Place(
        gettext_lazy("Services"), "directory:services", "server-stack", gettext_lazy("systems list")
    ),
    Place(
        gettext_lazy("Teams"),
        "directory:teams",
        "user-group",
        LIST,
    ),
    Place(
        gettext_lazy("Notifications"),
        "notifications:inbox",
        "bell",
        gettext_lazy("inbox messages unread"),
    ),
    Place(gettext_lazy("Late action items"), "action_items:late", "clock", "overdue"),
    Place(
        gettext_lazy("Action items to verify"), "action_items:to_verify", "check-badge", "evidence"
    ),
    Place(gettext_lazy("Action items of my teams"), "action_items:team", "user-group", "work"),
    Place(gettext_lazy("Burn-up of action items"), "action_items:burn_up", "chart-bar", "progress"),
    Place(
        gettext_lazy("Firing alerts"),
        "lookup:alerts",
        "bell-alert",
        gettext_lazy("alertmanager now"),
    ),
    Place(
        gettext_lazy("My lookups"),
        "lookup:mine",
        "magnifying-glass",
        gettext_lazy("searches history helped"),
    ),
    Place(
        gettext_lazy("Check a configuration"),
        "guard:check",
        "shield-check",
        gettext_lazy("guard lessons deploy"),
    ),
    Place(
        gettext_lazy("Runs of the guard"),
        "guard:runs",
        "shield-check",
        gettext_lazy("checks configuration"),
    ),
    Place(
        gettext_lazy("Coverage of alerts"),
        "runbooks:coverage",
        "chart-pie",
        gettext_lazy("prometheus rules without runbook"),
    ),
    Place(
        gettext_lazy("Runbooks offline"),
        "runbooks:offline",
        "cloud-arrow-down",
        gettext_lazy("copy download phone"),
    ),
    Place(
        gettext_lazy("New runbook"),
        "runbooks:new_runbook",
        "plus",
        gettext_lazy("create write"),
        EDITOR,
    ),
    Place(
        gettext_lazy("New lesson"),
        "knowledge:new_lesson",
        "plus",
        gettext_lazy("create write"),
        EDITOR,
    ),
    Place(
        gettext_lazy("New action item"),
        "action_items:new_action_item",
        "plus",
        gettext_lazy("create task todo"),
        EDITOR,
    ),
    Place(
        gettext_lazy("New factor"),
        "knowledge:new_factor",
        "plus",
        gettext_lazy("create cause"),
        EDITOR,
    ),
    Place(
        gettext_lazy("New knob"),
        "knowledge:new_knob",
        "plus",
        gettext_lazy("create configuration setting"),
        EDITOR,
    ),
    Place(
        gettext_lazy("New service"),
        "directory:new_service",
        "plus",
        gettext_lazy("create system"),
        EDITOR,
    ),
    Place(
        gettext_lazy("Import records"),
        "imports:new_import",
        "arrow-up-tray",
        gettext_lazy("upload read files"),
        EDITOR,
    ),
    Place(
        gettext_lazy("Imports"),
        "imports:imports",
        "arrow-up-tray",
        gettext_lazy("uploads list"),
        EDITOR,
    ),
    Place(
        gettext_lazy("My exports"),
        "exports:exports",
        "arrow-down-tray",
        gettext_lazy("download pdf files"),
    ),
    Place(
        gettext_lazy("My profile"),
        "directory:me",
        "user-circle",
        gettext_lazy("settings account name time zone"),
    ),
    Place(
        gettext_lazy("What I hear of"),
        "notifications:preferences",
        "bell",
        gettext_lazy("settings notifications mail"),
    ),
    Place(
        gettext_lazy("My tokens"),
        "directory:tokens",
        "code-bracket",
        gettext_lazy("settings api key program"),
    ),
    Place(
        gettext_lazy("My feeds"), "exports:feeds", "rss", gettext_lazy("calendar atom subscribe")
    ),
    Place(
        gettext_lazy("People"),
        "directory:people",
        "users",
        gettext_lazy("accounts roles administration"),
        ADMINISTRATOR,
    ),
    Place(
        gettext_lazy("New person"),
        "directory:new_person",
        "plus",
        gettext_lazy("create account invite"),
        ADMINISTRATOR,
    ),
    Place(
        gettext_lazy("New team"),
        "directory:new_team",
        "plus",
        CREATE,
        ADMINISTRATOR,
    ),
    Place(
        gettext_lazy("Channels"),
        "notifications:endpoints",
        "megaphone",
        gettext_lazy("webhook slack rooms settings"),
        ADMINISTRATOR,
    ),
    Place(
        gettext_lazy("Jobs"),
        "jobs:jobs",
        "queue-list",
        gettext_lazy("work failed retry administration"),
        ADMINISTRATOR,
    ),
    Place(
        gettext_lazy("Style guide"),
        "styleguide:styleguide",
        "swatch",
        gettext_lazy("components colours"),
        ADMINISTRATOR,
    ),
    Place(
        gettext_lazy("Quality of the lookup"),
        "lookup:quality",
        "chart-bar",
        gettext_lazy("figures search"),
    ),
    Place(
        gettext_lazy("Test queries of the lookup"),
        "lookup:kept_queries",
        "beaker",
        SEARCH,
        ADMINISTRATOR,
    ),
    Place(
        gettext_lazy("Interface for programs"),
        "api:docs",
        "code-bracket",
        gettext_lazy("api rest reference help"),
    ),
)
FIRST = 10
"""How many are offered before anything is typed."""


def places_for(text: str, *, user: User, today: date) -> list[Place]:
    """Those that the person may use and that have every word of the text, as its beginning.

    Without a text, the first few.
    """
    mine = [place for place in (*PLACES, *quarters(today)) if is_open_to(place, user)]
    wanted = words_of(text)
    if not wanted:
        return mine[:FIRST] if not text else []
    found = [place for place in mine if has_all(words_of(f"{place.name} {place.words}"), wanted)]
    # Whose name it is stands before what has it among its other words.
    return sorted(found, key=lambda place: not has_all(words_of(str(place.name)), wanted))


def quarters(today: date) -> list[Place]:
    this = quarter_of(today)
    last = this.previous(1)[0]
    icon, url_name = "presentation-chart-bar", "review:review"
    return [
        Quarter(
            gettext("Review of this quarter, %(key)s") % {"key": this.key},
            url_name,
            icon,
            FIGURES,
            day=today,
        ),
        Quarter(
            gettext("Review of the last quarter, %(key)s") % {"key": last.key},
            url_name,
            icon,
            FIGURES,
            day=last.starts,
        ),
    ]


def is_open_to(place: Place, user: User) -> bool:
    match place.needs:
        case Needs.EDITOR:
            return may_edit(user)
        case Needs.ADMINISTRATOR:
            return may_administer(user)
        case Needs.NOTHING:
            return True


def words_of(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def has_all(words: list[str], wanted: list[str]) -> bool:
    return all(any(word.startswith(one) for word in words) for one in wanted)
