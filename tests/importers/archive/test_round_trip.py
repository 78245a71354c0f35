"""What is exported, read into an empty site, and exported again is the same to the last byte."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.db import connection, transaction

from incidents.archive.kinds import CONTENTS, KINDS, tables
from incidents.archive.schema import schema
from incidents.exports.archive.rows import Names, chunks, plain_rows
from incidents.lib.front_matter import read
from incidents.models import Incident, TimelineEvent, User
from tests.archive.folders import contents, exported, imported, rows
from tests.factories import an_event
from tests.importers.archive.conftest import Site, found_by


@pytest.fixture(scope="module")
def counts(everything: Site, django_db_blocker: Any) -> Iterator[dict[str, int]]:
    """It is read once; no test changes it for the others."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield imported(everything.path)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_it_works(everything: Site, counts: dict[str, int], tmp_path: Path) -> None:
    exported(tmp_path / "again")

    assert counts["incident"] == Incident.objects.count() > 60
    assert contents(tmp_path / "again") == contents(everything.path)


@pytest.mark.django_db
@pytest.mark.usefixtures("counts")
def test_every_row_is_as_it_was_with_what_is_worked_out_of_it(everything: Site) -> None:
    connection.check_constraints()

    found = rows()
    for name, before in everything.rows.items():
        assert found[name] == before, name
    assert found_by() == everything.found_by


@pytest.mark.django_db
@pytest.mark.usefixtures("counts")
def test_every_column_has_something_to_say_in_it() -> None:
    """Or the comparison above would compare nothing."""
    for table in tables():
        used = {
            name
            for some in chunks(table, table.model._base_manager.all())
            for row in plain_rows(table, some, Names())
            for name in row
        }
        assert used == {column.name for column in table.columns}, table.name


@pytest.mark.django_db
@pytest.mark.usefixtures("counts")
def test_nobody_can_sign_in_by_what_an_archive_has() -> None:
    assert not any(person.has_usable_password() for person in User.objects.all())


@pytest.mark.django_db
@pytest.mark.usefixtures("counts")
def test_no_number_is_given_out_again() -> None:
    """Not even that of a part that is gone, of which history tells."""
    gone = {
        part["id"]
        for change in rows()["change"]
        for part in change["fields"]["parts"]
        if part["record"] == "timelineevent" and part["did"] == "removed"
    }
    assert gone
    assert not TimelineEvent.objects.filter(pk__gt=max(gone)).exists()

    assert an_event(Incident.objects.earliest("pk")).pk > max(gone)


def test_every_file_is_as_the_schema_says(everything: Site) -> None:
    definitions = schema()["$defs"]
    checks = {
        name: jsonschema.Draft202012Validator({**schema(), "$ref": f"#/$defs/{name}"})
        for name in definitions
    }
    seen = set()
    for name, content in contents(everything.path).items():
        file = Path(name).name
        if file == ".gitattributes" or Path(name).parent.name == CONTENTS:
            continue
        text = content.decode()
        told = [json.loads(line) for line in text.splitlines()] if file.endswith(".jsonl") else []
        if file.endswith(".md"):
            values, texts = read(text)
            assert texts.keys() <= definitions[file]["properties"].keys()
            # As any program reads it.
            assert yaml.safe_load(text.split("\n---\n")[0].removeprefix("---\n")) == values
            told = [values]
        elif file.endswith(".yaml"):
            told = [yaml.safe_load(text)]
        for each in told:
            checks[file].validate(each)
        seen.add(file)
    assert seen == definitions.keys()


def test_a_restricted_record_is_marked(everything: Site) -> None:
    hidden = [
        row["pk"]
        for row in everything.rows["incident"]
        if row["fields"]["visibility"] == "restricted"
    ]
    assert hidden
    for key in hidden:
        text = (everything.path / f"incidents/INC-{key}/incident.md").read_text()
        assert "\nvisibility: restricted\n" in text
        assert "\nallowed_people:\n" in text


def test_there_are_no_secrets_in_it(everything: Site) -> None:
    words = [b"password:", b"md5$", b'"password"', b"is_superuser", b"last_login"]
    people = everything.path / "people"

    assert any(people.iterdir())
    for content in contents(people).values():
        assert not any(word in content for word in words)


def test_no_folder_is_called_as_another_but_for_its_case(everything: Site) -> None:
    for kind in KINDS:
        names = [each.name for each in (everything.path / kind.folder).iterdir()]
        assert len({name.casefold() for name in names}) == len(names)
