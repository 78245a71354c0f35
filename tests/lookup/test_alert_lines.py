import pytest

from incidents.lookup.alert_lines import all_alert_lines
from incidents.lookup.operations import keep_findable
from incidents.models import RunbookState
from tests.factories import a_runbook

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    exact = a_runbook(alerts="PoolEmpty")
    pattern = a_runbook(alerts='alertname=~"Pool.*"\nseverity="critical"')
    retired = a_runbook(alerts="DiskFull", state=RunbookState.RETIRED)
    keep_findable(exact, pattern, retired)
    lines = all_alert_lines()
    assert lines.best({"alertname": "PoolEmpty", "severity": "critical"}) == exact.pk
    assert lines.best({"alertname": "PoolLow"}) == pattern.pk
    assert lines.best({"severity": "critical"}) == pattern.pk
    assert lines.best({"alertname": "DiskFull"}) is None
    assert lines.best({}) is None


def test_of_two_that_match_alike_the_elder_leads() -> None:
    elder, younger = a_runbook(alerts="PoolEmpty"), a_runbook(alerts="PoolEmpty")
    keep_findable(younger, elder)
    assert all_alert_lines().best({"alertname": "PoolEmpty"}) == elder.pk
