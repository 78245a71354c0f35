"""The one style sheet and the two scripts of a page have all that they are to have, in order."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from pytest_django import Settings

from postmortems import bundles
from tests.architecture.source import ROOT

STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMED = re.compile(r"\{% static '(js/[\w/-]+\.js)' %\}")
OF_THE_WORKER = {"js/offline/worker.js"}
OF_THE_FILE = {"js/offline/file.js"}


def named_in(path: Path) -> set[str]:
    return set(NAMED.findall(path.read_text()))


def test_every_sheet_is_in_it_once_and_tokens_first() -> None:
    written = [path.relative_to(STATIC).as_posix() for path in (STATIC / "css").rglob("*.css")]

    assert bundles.SHEETS[:3] == ("css/tokens.css", "css/base.css", "css/layout.css")
    assert sorted(bundles.SHEETS) == sorted(written)


def test_every_script_is_in_it_or_loaded_by_a_page() -> None:
    written = {path.relative_to(STATIC).as_posix() for path in (STATIC / "js").rglob("*.js")}
    named = set().union(*map(named_in, TEMPLATES))
    ours = [name for name in bundles.SCRIPTS if not name.startswith("django_htmx/")]

    assert len(set(ours)) == len(ours) == len(bundles.SCRIPTS) - 1
    early = set(bundles.EARLY)
    assert early.isdisjoint(ours)
    assert written == {*early, *ours, *named, *OF_THE_WORKER, *OF_THE_FILE} - set(bundles.BUNDLES)


def test_no_page_runs_a_script_twice() -> None:
    """What stands for itself, without the bundle, may load pieces of it."""
    twice = [
        path.name
        for path in TEMPLATES
        if named_in(path) & {*bundles.EARLY, *bundles.SCRIPTS}
        and ("js/site.js" in path.read_text() or "<!doctype html>" not in path.read_text())
    ]

    assert twice == []


@pytest.mark.parametrize("name", bundles.BUNDLES)
def test_all_pieces_are_in_it_in_order(name: str) -> None:
    found = finders.find(name)
    assert found
    text = Path(found).read_text()

    places = [text.index(bundles.piece(piece)) for piece in bundles.BUNDLES[name]]
    assert places == sorted(places)
    assert len(text) == len(bundles.BEGINS[name]) + sum(
        len(bundles.piece(piece)) for piece in bundles.BUNDLES[name]
    )
    assert finders.find(name, find_all=True) == [found]


def test_scripts_are_as_strict_together_as_each_alone() -> None:
    scripts = (*bundles.EARLY, *bundles.SCRIPTS)
    ours = [name for name in scripts if not name.startswith("django_htmx/")]

    assert all('\n"use strict";\n' in (STATIC / name).read_text() for name in ours)
    for name in ("js/early.js", "js/site.js"):
        assert bundles.text_of(name).startswith('"use strict";\n')


def test_sheets_name_no_other_file() -> None:
    """It would be looked for beside the bundle; and `@import` has to stand first."""
    naming = [
        name
        for name in bundles.SHEETS
        if re.search(r"@import|@charset|url\((?!\s*[\"']?data:)", (STATIC / name).read_text())
    ]

    assert naming == []


@pytest.fixture
def pieces(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Two sheets and a bundle of them in folders of their own."""
    made = {name: tmp_path / f"{name}.css" for name in ("one", "two")}
    for name, path in made.items():
        path.write_text(f".{name} {{}}\n")
    settings.VAR_DIR = tmp_path / "var"
    monkeypatch.setattr(bundles, "BUNDLES", {"css/site.css": ("one", "two")})
    monkeypatch.setattr(bundles.finders, "find", lambda name: str(made.get(name) or ""))
    return made


def test_it_is_as_new_as_its_pieces(pieces: dict[str, Path]) -> None:
    first = bundles.made("css/site.css")
    assert first.read_text() == "/* one */\n.one {}\n\n/* two */\n.two {}\n\n"
    pieces["two"].write_text(".two { color: var(--text) }\n")

    assert bundles.made("css/site.css") == first
    assert ".two { color" in first.read_text()
    assert [path.name for path in first.parent.iterdir()] == ["site.css"]


def test_it_is_not_written_anew_for_nothing(pieces: dict[str, Path]) -> None:
    """By its time it is known whether it is to be collected again."""
    first = bundles.made("css/site.css").stat()

    assert bundles.made("css/site.css").stat().st_ino == first.st_ino


def test_a_piece_that_is_not_there_is_named(pieces: dict[str, Path]) -> None:
    del pieces["two"]

    with pytest.raises(ImproperlyConfigured, match="two is not there"):
        bundles.made("css/site.css")


def test_it_is_collected_hashed_and_compressed(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No more than them: all that the site has takes a while to compress.
    monkeypatch.setattr(collectstatic, "get_finders", lambda: [bundles.BundleFinder()])
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {
            "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        },
    }
    call_command("collectstatic", verbosity=0, interactive=False)

    told = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert set(told) == set(bundles.BUNDLES)
    for name, hashed in told.items():
        text = bundles.text_of(name).encode()
        assert (tmp_path / hashed).read_bytes() == text
        assert gzip.decompress((tmp_path / f"{hashed}.gz").read_bytes()) == text
