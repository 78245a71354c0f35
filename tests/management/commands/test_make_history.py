"""What the command says, and what it refuses."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from incidents.models import Incident, Service
from tests.factories import an_incident


@pytest.mark.django_db
def test_it_works() -> None:
    out, err = StringIO(), StringIO()
    call_command("make_history", incidents=3, runbooks=2, stdout=out, stderr=err)

    assert out.getvalue() == "The site has 3 incidents and 2 runbooks.\n"
    assert err.getvalue() == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wish", "word"),
    [
        ({"incidents": 0}, "1 to 1,000,000"),
        ({"incidents": -5}, "1 to 1,000,000"),
        ({"incidents": 10**9}, "1 to 1,000,000"),
        ({"incidents": 5, "runbooks": -1}, "0 to 50,000"),
    ],
)
def test_a_number_that_makes_no_archive_is_refused(wish: dict[str, int], word: str) -> None:
    with pytest.raises(CommandError, match=word):
        call_command("make_history", **wish)
    assert not Service.objects.exists()


@pytest.mark.django_db
def test_a_site_in_use_is_left_alone_unless_it_is_meant() -> None:
    an_incident()
    with pytest.raises(CommandError, match="an incident of its own"):
        call_command("make_history", incidents=3)
    assert Incident.objects.count() == 1

    call_command(
        "make_history",
        incidents=3,
        into_existing=True,
        stdout=StringIO(),
        stderr=StringIO(),
    )
    assert Incident.objects.count() == 4


@pytest.mark.django_db
def test_all_of_them_can_be_of_one_period() -> None:
    say = {"stdout": StringIO(), "stderr": StringIO()}
    call_command("make_history", incidents=5, runbooks=0, **say)
    for _ in range(2):
        call_command("make_history", incidents=40, runbooks=0, period="2025Q4", **say)

    made = Incident.objects.filter(external_key__contains="@2025Q4:", began_precision="minute")
    assert Incident.objects.count() == 45
    assert len(made) > 20
    assert {(one.began_at.year, one.began_at.month) for one in made if one.began_at} == {
        (2025, 10),
        (2025, 11),
        (2025, 12),
    }
    with pytest.raises(CommandError, match="is not a period"):
        call_command("make_history", incidents=5, period="last summer")


@pytest.mark.django_db
def test_the_stories_are_not_in_its_way() -> None:
    call_command("load_demo", stdout=StringIO())
    call_command("make_history", incidents=3, runbooks=0, stdout=StringIO(), stderr=StringIO())
    call_command("make_history", incidents=5, runbooks=0, stdout=StringIO(), stderr=StringIO())

    assert Incident.objects.count() == 11
