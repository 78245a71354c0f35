import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pytest_django import Settings

SITE = "https://pm.blue-elephants.example.com"


@pytest.mark.parametrize(
    "password",
    [
        "Postmortems2026!",
        "incident-runbook-1",
        "P0stm0rtem!!!!",
        "blue.elephants2026",
        "Elephants-Outage-7",
        "oncall-oncall-oncall",
    ],
)
def test_it_works(password: str, settings: Settings) -> None:
    settings.SITE_URL = SITE

    with pytest.raises(ValidationError) as refusal:
        validate_password(password)

    assert "password_of_the_site" in [each.code for each in refusal.value.error_list]


@pytest.mark.parametrize(
    "password",
    [
        "a postmortem of a grey horse",
        "seven purple elephants dance",
        "7Kd0xPq2VbW9",
        "tiger-lamp-9-x",
    ],
)
def test_others_are_taken(password: str, settings: Settings) -> None:
    settings.SITE_URL = SITE

    validate_password(password)
