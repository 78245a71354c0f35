"""Whether an alert leads to what to do."""

import pytest

from incidents.lookup.alert_lines import AlertLines
from incidents.lookup.matchers import read_alerts
from incidents.runbooks.coverage.judging import Runbooks, Standing, judge
from incidents.runbooks.coverage.reading import Rule

SITE = "https://post.example.org"


def runbooks(**alerts: str) -> Runbooks:
    keys = dict(enumerate(alerts, 1))
    lines = [(key, line) for key, slug in keys.items() for line in read_alerts(alerts[slug])]
    titles = {slug: slug.title() for slug in alerts}
    return Runbooks(AlertLines(named={}, others=lines), titles, keys)


def standing(rule: Rule, **alerts: str) -> tuple[str, str]:
    found = judge(rule, runbooks(**alerts), site=SITE)
    return found.standing.value, found.slug


def linked(url: str) -> Rule:
    return Rule(group="", alert="PoolEmpty", runbook_url=url)


def test_it_works() -> None:
    rule = Rule(group="", alert="PoolEmpty")
    assert standing(rule, pool="PoolEmpty") == (Standing.ANSWERED, "pool")
    assert standing(rule, disk="DiskFull") == (Standing.NONE, "")


def test_the_most_specific_line_answers() -> None:
    rule = Rule(group="", alert="PoolEmpty", labels={"severity": "critical"})
    found = standing(rule, a='alertname=~"Pool.*"', b='PoolEmpty\nseverity="low"', c="Disk")
    assert found == (Standing.ANSWERED, "b")


def test_a_label_that_is_a_template_is_not_known_yet() -> None:
    rule = Rule(group="", alert="PoolEmpty", labels={"service": "{{ $labels.job }}"})
    assert standing(rule, pool='service=~".+"') == (Standing.NONE, "")


@pytest.mark.parametrize("url", [f"{SITE}/runbooks/pool/", "/runbooks/pool/#check"])
def test_a_link_to_a_runbook_of_this_site_answers(url: str) -> None:
    assert standing(linked(url), pool="") == (Standing.ANSWERED, "pool")


@pytest.mark.parametrize("url", [f"{SITE}/runbooks/gone/", f"{SITE}/nowhere", "/runbooks/gone/"])
def test_a_link_to_what_is_not_there_is_dead_whatever_else_answers(url: str) -> None:
    assert standing(linked(url), pool="PoolEmpty") == (Standing.DEAD, "pool")
    assert standing(linked(url), pool="") == (Standing.DEAD, "")


def test_a_link_to_another_site_is_not_followed() -> None:
    assert standing(linked("https://wiki.example.org/pool")) == (Standing.ELSEWHERE, "")


def test_a_runbook_here_counts_before_a_link_elsewhere() -> None:
    rule = linked("https://wiki.example.org/pool")
    assert standing(rule, pool="PoolEmpty") == (Standing.ANSWERED, "pool")


@pytest.mark.parametrize(
    "url", [f"{SITE}/search/?q={{{{ $labels.alertname }}}}", f"{SITE}/runbooks/{{{{ $x }}}}/"]
)
def test_a_link_that_is_filled_in_later_is_no_answer_by_itself(url: str) -> None:
    assert standing(linked(url)) == (Standing.NONE, "")


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("javascript:alert(1)", ""),
        ("https://a.example/{{ $x }}", ""),
    ],
)
def test_only_what_can_be_followed_becomes_a_link(url: str, link: str) -> None:
    assert judge(linked(url), runbooks(), site=SITE).link == link
