import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from incidents.lookup.operations import keep_findable
from incidents.models import AlertRule
from tests.factories import a_runbook

pytestmark = pytest.mark.django_db

RULES = "groups: [{name: g, rules: [{alert: PoolEmpty}, {alert: DiskFull}]}]"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    keep_findable(a_runbook(slug="pool", alerts="PoolEmpty"))
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    return path


def checked(*arguments: object) -> tuple[int, str]:
    said = StringIO()
    try:
        call_command("check_rules", *map(str, arguments), stdout=said, stderr=said)
    except SystemExit as end:
        return int(str(end.code)), said.getvalue()
    return 0, said.getvalue()


def test_it_works(rules: Path) -> None:
    code, said = checked(rules)
    assert code == 1
    assert "no runbook       DiskFull" in said
    assert "PoolEmpty" not in said
    assert "2 alerts; has a runbook: 1, links elsewhere: 0, dead link: 0, no runbook: 1." in said
    assert not AlertRule.objects.exists()


def test_where_all_have_one_it_ends_well(rules: Path) -> None:
    keep_findable(a_runbook(slug="disk", alerts="DiskFull"))
    code, said = checked(rules, "--all")
    assert code == 0
    assert "has a runbook    PoolEmpty  pool" in said


def test_what_cannot_be_read_ends_with_2_and_stops_no_other(rules: Path, tmp_path: Path) -> None:
    code, said = checked(tmp_path / "nowhere.yaml", rules)
    assert code == 2
    assert "nowhere.yaml: It cannot be opened" in said
    assert "DiskFull" in said


def test_the_findings_as_data(rules: Path) -> None:
    _code, said = checked(rules, "--json", "--all")
    assert [(row["alert"], row["standing"]) for row in json.loads(said)] == [
        ("PoolEmpty", "answered"),
        ("DiskFull", "none"),
    ]


def test_they_are_kept_for_the_page(rules: Path) -> None:
    checked(rules, "--keep")
    assert AlertRule.objects.count() == 2
