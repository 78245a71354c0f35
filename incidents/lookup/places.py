"""The pages of the site by name, and what can be done there: what the palette offers for a word."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from django.urls import reverse

from incidents.access.permissions import may_administer, may_edit
from incidents.lib.periods import quarter_of
from incidents.models import User

WORD = re.compile(r"\w+")


class Needs(Enum):
    NOTHING = "nothing"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Place:
    """`words` find it as well as its name does."""

    name: str
    url_name: str
    icon: str
    words: str = ""
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


EDITOR, ADMINISTRATOR = Needs.EDITOR, Needs.ADMINISTRATOR
# Doing first, then looking; within each, what is wanted most often stands first.
PLACES = (
    Place(
        "New incident",
        "records:new_incident",
        "plus",
        "record create write postmortem",
        EDITOR,
        "n",
    ),
    Place("Paste an alert", "lookup:home", "bell-alert", "lookup error runbook home start"),
    Place("My action items", "action_items:mine", "clipboard-document-check", "work todo tasks"),
    Place("Incidents", "records:incidents", "fire", "postmortems records list", keys="g i"),
    Place("Runbooks", "runbooks:runbooks", "book-open", "list", keys="g r"),
    Place(
        "Action items",
        "action_items:action_items",
        "clipboard-document-check",
        "tasks list",
        keys="g a",
    ),
    Place("Lessons", "knowledge:lessons", "light-bulb", "list", keys="g l"),
    Place(
        "Knobs",
        "knowledge:knobs",
        "adjustments-horizontal",
        "configuration settings list",
        keys="g k",
    ),
    Place("Factors", "knowledge:factors", "puzzle-piece", "causes vocabulary list"),
    Place("Reviews", "review:reviews", "presentation-chart-bar", "quarters year figures list"),
    Place("Services", "directory:services", "server-stack", "systems list"),
    Place("Teams", "directory:teams", "user-group", "list"),
    Place("Notifications", "notifications:inbox", "bell", "inbox messages unread"),
    Place("Late action items", "action_items:late", "clock", "overdue"),
    Place("Action items to verify", "action_items:to_verify", "check-badge", "evidence"),
    Place("Action items of my teams", "action_items:team", "user-group", "work"),
    Place("Burn-up of action items", "action_items:burn_up", "chart-bar", "progress"),
    Place("Firing alerts", "lookup:alerts", "bell-alert", "alertmanager now"),
    Place("My lookups", "lookup:mine", "magnifying-glass", "searches history helped"),
    Place("Check a configuration", "guard:check", "shield-check", "guard lessons deploy"),
    Place("Runs of the guard", "guard:runs", "shield-check", "checks configuration"),
    Place(
        "Coverage of alerts", "runbooks:coverage", "chart-pie", "prometheus rules without runbook"
    ),
    Place("Runbooks offline", "runbooks:offline", "cloud-arrow-down", "copy download phone"),
    Place("New runbook", "runbooks:new_runbook", "plus", "create write", EDITOR),
    Place("New lesson", "knowledge:new_lesson", "plus", "create write", EDITOR),
    Place("New action item", "action_items:new_action_item", "plus", "create task todo", EDITOR),
    Place("New factor", "knowledge:new_factor", "plus", "create cause", EDITOR),
    Place("New knob", "knowledge:new_knob", "plus", "create configuration setting", EDITOR),
    Place("New service", "directory:new_service", "plus", "create system", EDITOR),
    Place("Import records", "imports:new_import", "arrow-up-tray", "upload read files", EDITOR),
    Place("Imports", "imports:imports", "arrow-up-tray", "uploads list", EDITOR),
    Place("My exports", "exports:exports", "arrow-down-tray", "download pdf files"),
    Place("My profile", "directory:me", "user-circle", "settings account name time zone"),
    Place("What I hear of", "notifications:preferences", "bell", "settings notifications mail"),
    Place("My tokens", "directory:tokens", "code-bracket", "settings api key program"),
    Place("My feeds", "exports:feeds", "rss", "calendar atom subscribe"),
    Place("People", "directory:people", "users", "accounts roles administration", ADMINISTRATOR),
    Place("New person", "directory:new_person", "plus", "create account invite", ADMINISTRATOR),
    Place("New team", "directory:new_team", "plus", "create", ADMINISTRATOR),
    Place(
        "Channels",
        "notifications:endpoints",
        "megaphone",
        "webhook slack rooms settings",
        ADMINISTRATOR,
    ),
    Place("Jobs", "jobs:jobs", "queue-list", "work failed retry administration", ADMINISTRATOR),
    Place("Style guide", "styleguide:styleguide", "swatch", "components colours", ADMINISTRATOR),
    Place("Quality of the lookup", "lookup:quality", "chart-bar", "figures search"),
    Place("Test queries of the lookup", "lookup:kept_queries", "beaker", "search", ADMINISTRATOR),
    Place("Interface for programs", "api:docs", "code-bracket", "api rest reference help"),
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
    return sorted(found, key=lambda place: not has_all(words_of(place.name), wanted))


def quarters(today: date) -> list[Place]:
    this = quarter_of(today)
    last = this.previous(1)[0]
    icon, url_name = "presentation-chart-bar", "review:review"
    return [
        Quarter(f"Review of this quarter, {this.key}", url_name, icon, "figures", day=today),
        Quarter(
            f"Review of the last quarter, {last.key}", url_name, icon, "figures", day=last.starts
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
