"""Whether an alert leads to what to do: by a runbook here that names it, or by its own link."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db.models import TextChoices
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy

from incidents.lookup.alert_lines import AlertLines
from incidents.lookup.matchers import ALERTNAME, line_for
from incidents.runbooks.coverage.reading import Rule

TEMPLATE = "{{"


class Standing(TextChoices):
    """From what is right to what is wrong."""

    ANSWERED = "answered", gettext_lazy("has a runbook")
    ELSEWHERE = "elsewhere", gettext_lazy("links elsewhere")
    DEAD = "dead", gettext_lazy("dead link")
    NONE = "none", gettext_lazy("no runbook")


WRONG = (Standing.DEAD, Standing.NONE)


class Judged(NamedTuple):
    """`slug` and `title` are the runbook's that answers it, empty where none does.

    One may answer an alert whose own link is dead.
    """

    rule: Rule
    standing: Standing
    slug: str = ""
    title: str = ""

    @property
    def tone(self) -> str:
        return {Standing.ANSWERED: "success", Standing.ELSEWHERE: "plain"}.get(
            self.standing, "danger"
        )

    @property
    def line(self) -> str:
        """The line of a runbook's alerts that would answer it."""
        return line_for(self.rule.alert)

    @property
    def link(self) -> str:
        """The rule's own link, if it is one that can be followed as it is written."""
        url = self.rule.runbook_url
        return url if url.startswith(("https://", "http://")) and TEMPLATE not in url else ""


class Runbooks(NamedTuple):
    """What there is to judge by: the lines of active runbooks; slugs and titles by their keys."""

    lines: AlertLines
    titles: Mapping[str, str]
    slugs: Mapping[int, str]


def judge(rule: Rule, runbooks: Runbooks, *, site: str) -> Judged:
    """`site` is this site's own address, as `SITE_URL` has it.

    1. A link to a runbook of this site that is not there is dead, whatever else answers the alert:
       whoever follows it in the night meets an error.
    2. A link to one that is there answers, and so does a runbook whose matchers fit.
    3. A link to another site is not followed. A link to this site's lookup is no answer by itself.
    """
    linked = slug_in(rule.runbook_url, site=site)
    is_dead = linked is not None and linked not in runbooks.titles
    slug = linked if linked and not is_dead else best_match(rule, runbooks)
    if is_dead:
        standing = Standing.DEAD
    elif slug:
        standing = Standing.ANSWERED
    else:
        elsewhere = rule.runbook_url and not is_here(rule.runbook_url, site=site)
        standing = Standing.ELSEWHERE if elsewhere else Standing.NONE
    return Judged(rule, standing, slug, runbooks.titles.get(slug, ""))


def best_match(rule: Rule, runbooks: Runbooks) -> str:
    """The slug of the runbook with the most specific line that fits; empty where none does.

    A label that is a template has its value only when the alert fires: it counts as absent.
    """
    fixed = {name: value for name, value in rule.labels.items() if TEMPLATE not in value}
    key = runbooks.lines.best({**fixed, ALERTNAME: rule.alert})
    return runbooks.slugs.get(key, "") if key is not None else ""


def is_here(url: str, *, site: str) -> bool:
    return urlsplit(url).netloc == urlsplit(site).netloc or url.startswith("/")


def slug_in(url: str, *, site: str) -> str | None:
    """The slug of the runbook of this site that the link names; None where it names none."""
    if not url or TEMPLATE in url.partition("?")[0] or not is_here(url, site=site):
        return None
    try:
        found = resolve(urlsplit(url).path)
    except Resolver404:
        # It leads to this site, and to no page of it.
        return ""
    return str(found.kwargs["slug"]) if found.view_name == "runbooks:runbook" else None
