"""The pages that say what went wrong say what to do next, and need nobody signed in."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.factories import a_runbook, a_user


@pytest.mark.parametrize("name", ["403", "403_csrf", "404", "405", "429", "500", "503"])
def test_it_works(name: str) -> None:
    page = render_to_string(f"{name}.html")
    # Those two look nothing up, and have the few sheets that they need.
    assert ("css/tokens.css" if name in {"500", "503"} else "css/site.css") in page
    assert 'href="/"' in page


def test_the_page_for_broken_things_looks_nothing_up(settings: object) -> None:
    # With hashed names a file that was not collected raises: not while the error is shown.
    settings.STORAGES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {
            "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        },
    }
    assert "Something broke here" in render_to_string("500.html")


@pytest.mark.django_db
def test_an_unknown_address_is_answered_in_our_own_words(client: Client) -> None:
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


@pytest.mark.django_db
def test_who_opens_what_only_takes_is_told_that_nothing_was_done(client: Client) -> None:
    client.force_login(a_user())
    answer = client.get(f"{a_runbook().get_absolute_url()}verify/")
    assert answer.status_code == 405
    assert "Nothing was done" in answer.content.decode()
    assert "POST" in answer["Allow"]
