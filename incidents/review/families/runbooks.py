"""How runbooks served, which nobody has verified for too long, which alerts have none."""

from collections import Counter, defaultdict
from datetime import timedelta

from django.db.models import Count, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext

from incidents.models import FAILED, Runbook, RunbookUse, Served
from incidents.review.figure import CellKind, Chart, Column, Figure, LeftOut, Table
from incidents.review.keys import Keys
from incidents.review.material import Material, some
from incidents.runbooks.coverage.queries import (
    SERVICE,
    by_service,
    judged,
    kept_rules,
    last_read_at,
)
from incidents.runbooks.coverage.reading import Rule

MOST = 20


def figures(material: Material) -> list[Figure]:
    runbooks = by_runbook(material)
    return [
        how_they_served(material, runbooks),
        used_most(runbooks),
        failed(runbooks),
        unverified(material),
        alerts(material),
    ]


Runbooks = dict[tuple[str, str], Counter[str]]


def uses_of(material: Material) -> QuerySet[RunbookUse]:
    return RunbookUse.objects.filter(incident__in=material.keys).order_by()


def by_runbook(material: Material) -> Runbooks:
    """By slug and title, how often each served how."""
    by_key: dict[int, Counter[str]] = defaultdict(Counter)
    for key, served, count in (
        uses_of(material).values_list("runbook", "served").annotate(Count("pk"))
    ):
        by_key[key][served] = count
    known = Runbook.objects.filter(pk__in=Keys(by_key)).values_list("pk", "slug", "title")
    return {(slug, title): by_key[key] for key, slug, title in known}


def how_they_served(material: Material, runbooks: Runbooks) -> Figure:
    total = sum(runbooks.values(), Counter[str]())
    with_any = uses_of(material).aggregate(count=Count("incident", distinct=True))["count"]
    return Figure(
        key="served",
        title=gettext("How runbooks served"),
        definition=gettext(
            "What incidents of the period say of the runbooks that they name. One incident "
            "may name several."
        ),
        table=Table(
            [
                Column("served", gettext("How it served"), CellKind.TEXT),
                Column("incidents", gettext("Times")),
            ],
            [[str(served.label), total[served.value]] for served in Served],
        ),
        left_out=[
            *material.left_out,
            *some(LeftOut(len(material.rows) - with_any, gettext("in which no runbook is named"))),
        ],
        chart=Chart.BARS,
    )


def used_most(uses: Runbooks) -> Figure:
    most = sorted(uses, key=lambda one: (-sum(uses[one].values()), one[0]))
    shown = most[:MOST]
    return Figure(
        key="runbooks_used",
        title=gettext("Runbooks used most"),
        definition=gettext("The %(MOST)s runbooks that the most incidents of the period name.")
        % {"MOST": MOST},
        table=Table(
            [
                Column("runbook", gettext("Runbook"), CellKind.TEXT),
                Column("incidents", gettext("Named in")),
                Column("helped", gettext("Helped")),
                Column("partly", gettext("In part")),
                Column("failed", gettext("Failed")),
            ],
            [
                [
                    one[1],
                    sum(uses[one].values()),
                    uses[one][Served.HELPED],
                    uses[one][Served.PARTLY],
                    failures(uses[one]),
                ]
                for one in shown
            ],
            [("runbook", slug) for slug, _ in shown],
        ),
        left_out=some(
            LeftOut(len(most) - len(shown), gettext("runbooks named no more often than these"))
        ),
    )


def failures(counts: Counter[str]) -> int:
    return sum(counts[served] for served in FAILED)


def failed(uses: Runbooks) -> Figure:
    failing = [one for one in uses if failures(uses[one])]
    failing.sort(key=lambda one: (-failures(uses[one]), one[0]))
    shown = failing[:MOST]
    return Figure(
        key="runbooks_failed",
        title=gettext("Runbooks that failed their reader"),
        definition=gettext(
            "The %(MOST)s runbooks of which the most incidents of the period say that they "
            "were outdated, wrong, or there and not found."
        )
        % {"MOST": MOST},
        table=Table(
            [
                Column("runbook", gettext("Runbook"), CellKind.TEXT),
                *(Column(served.value, capfirst(str(served.label))) for served in FAILED),
            ],
            [[one[1], *(uses[one][served] for served in FAILED)] for one in shown],
            [("runbook", slug) for slug, _ in shown],
        ),
        left_out=some(
            LeftOut(
                len(failing) - len(shown), gettext("runbooks that failed no more often than these")
            )
        ),
    )


def in_scope(material: Material, rows: QuerySet[Runbook]) -> QuerySet[Runbook]:
    """Runbooks are everybody's."""
    scope = material.scope
    rows = rows.filter(created_at__lt=material.ends).order_by()
    if scope.team is not None:
        rows = rows.filter(team=scope.team)
    if scope.service is not None:
        rows = rows.filter(services=scope.service)
    return rows


def unverified(material: Material) -> Figure:
    last_day = material.day_after - timedelta(days=1)
    due = by_team(in_scope(material, Runbook.objects.verification_due(last_day)))
    active = by_team(in_scope(material, Runbook.objects.active()))
    teams = sorted(due, key=lambda team: (-due[team], team))
    return Figure(
        key="unverified",
        title=gettext("Runbooks that nobody verified in time"),
        definition=gettext(
            "Active runbooks that were due to be verified by the last day of the period, by "
            "the team that owns them, and of how many. Counted by when each was verified "
            "last: one that was verified since then counts as verified."
        ),
        table=Table(
            [
                Column("team", gettext("Team"), CellKind.TEXT),
                Column("due", gettext("Not verified")),
                Column("runbooks", gettext("Of")),
            ],
            [
                [name or gettext("no team"), due[slug, name], active[slug, name]]
                for slug, name in teams
            ],
            [("team", slug) if slug else None for slug, _ in teams],
        ),
        note=gettext("%(sum)s of %(sum2)s active runbooks.")
        % {"sum": sum(due.values()), "sum2": sum(active.values())},
        chart=Chart.BARS if teams else None,
    )


def by_team(rows: QuerySet[Runbook]) -> Counter[tuple[str, str]]:
    """By slug and name of the team, both empty for those without one."""
    counts: Counter[tuple[str, str]] = Counter()
    for slug, name, count in rows.values_list("team__slug", "team__name").annotate(Count("pk")):
        counts[slug or "", name or ""] = count
    return counts


def counted_runbooks(material: Material) -> set[int]:
    """The keys of those that incidents of the period name, and of the active ones."""
    named = set(uses_of(material).values_list("runbook", flat=True))
    active = in_scope(material, Runbook.objects.active())
    return named | set(active.values_list("pk", flat=True))


def alerts(material: Material) -> Figure:
    rules = [rule for rule in kept_rules() if concerns(rule, material)]
    services = by_service(judged(rules)) if rules else []
    at = last_read_at()
    return Figure(
        key="alerts",
        title=gettext("Alerts without a runbook"),
        definition=gettext(
            "Alerting rules as they were read last, by the service that their label names: "
            "how many have a runbook here, link elsewhere, link to a runbook that is not "
            "here, or have none."
        ),
        table=Table(
            [
                Column("service", gettext("Service"), CellKind.TEXT),
                Column("alerts", gettext("Alerts")),
                Column("answered", gettext("With a runbook")),
                Column("elsewhere", gettext("Link elsewhere")),
                Column("dead", gettext("Dead link")),
                Column("none", gettext("No runbook")),
            ],
            [[one.service or gettext("no service"), *one[1:]] for one in services],
        ),
        note=gettext("Rules were read last on %(astimezone)s.")
        % {"astimezone": f"{at.astimezone(material.scope.zone):%Y-%m-%d}"}
        if at
        else gettext("No alerting rules were read: see the coverage of alerts by runbooks."),
    )


def concerns(rule: Rule, material: Material) -> bool:
    """Rules name a service at most: for a team it is not known which are theirs, but by their
    services."""
    scope = material.scope
    if scope.team is None and scope.service is None:
        return True
    return rule.labels.get(SERVICE, "").strip() in material.service_names
