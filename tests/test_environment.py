"""Reading the settings."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from postmortems.environment import Environment

NAMES = ("sev1", "sev2")


def days(value: str) -> dict[str, int]:
    return Environment({"DAYS": value}).days_by("DAYS", "sev1=7", names=NAMES, most=90)


def test_days_by_name_work() -> None:
    assert days("sev1=3, sev2 = 14") == {"sev1": 3, "sev2": 14}
    assert days("") == {"sev1": 7}
    assert days("sev2=90") == {"sev2": 90}
    assert days("none") == {}


@pytest.mark.parametrize(
    "value", ["7", "sev9=7", "sev1=0", "sev1=91", "sev1=-1", "sev1=x", "sev1=3,sev1=4", "sev1=²"]
)
def test_days_that_cannot_be_right_stop_the_start_with_a_sentence(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"DAYS has .* sev1=7, for each of sev1, sev2"):
        days(value)


def test_a_zone_works() -> None:
    assert Environment({"ZONE": "Europe/Berlin"}).zone("ZONE", "UTC") == "Europe/Berlin"
    assert Environment({}).zone("ZONE", "UTC") == "UTC"


@pytest.mark.parametrize("value", ["Berlin", "../etc/passwd", "/etc/localtime", "Europe"])
def test_a_zone_that_is_none_stops_the_start_with_a_sentence(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"ZONE is .* such as Europe/Berlin"):
        Environment({"ZONE": value}).zone("ZONE", "UTC")
