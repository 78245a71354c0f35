"""What a new process has loaded before it is asked for a page."""

import zipfile

import pytest
from django.test import Client
from heroicons import _load_icon  # the library's own cache, which nothing else tells of

from postmortems.first_page import load_pages
from tests.factories import a_user


def test_no_page_opens_the_archive_of_icons(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each opening reads a list of a thousand names: thirty took 160 ms of a first page."""
    client.force_login(a_user())
    _load_icon.cache_clear()
    load_pages()
    opened: list[object] = []
    reading = zipfile.ZipFile.__init__

    def read(self: zipfile.ZipFile, *args: object, **options: object) -> None:
        opened.append(args)
        reading(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(zipfile.ZipFile, "__init__", read)

    for address in (
        "/",
        "/incidents/",
        "/incidents/new/",
        "/reviews/",
        "/actions/",
        "/notifications/preferences/",
    ):
        assert client.get(address).status_code == 200

    assert opened == []


def test_all_of_them_are_kept() -> None:
    """The library keeps so many and forgets the oldest: then there would be no use in it."""
    _load_icon.cache_clear()
    load_pages()

    told = _load_icon.cache_info()
    assert told.currsize == told.misses > 0
