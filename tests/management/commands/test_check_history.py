import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from incidents.directory.demo import ensure_demo_account
from incidents.models import Change
from tests.factories import NOW, a_user
from tests.history.records import a_recorded_incident, changed

pytestmark = pytest.mark.django_db


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("check_history", *arguments, stdout=out)
    return out.getvalue()


def refused(capsys: Any, *arguments: str) -> str:
    with pytest.raises(SystemExit) as left:
        call_command("check_history", *arguments)
    assert left.value.code == 1
    return str(capsys.readouterr().out)


def test_it_works() -> None:
    changed(a_recorded_incident(), title="Another")

    assert said() == "2 lines of history; 0 wrong.\n"
    assert json.loads(said("--json")) == {"lines": 2, "wrong": []}


def test_a_fresh_site_is_as_it_was_written(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    ensure_demo_account(at=NOW)
    call_command("load_demo", verbosity=0, stdout=StringIO())
    call_command("createsuperuser", username="first", email="", interactive=False, verbosity=0)

    assert said().endswith(" lines of history; 0 wrong.\n")


def test_an_account_without_history_is_told_and_one_from_before_is_given_its_first_line(
    capsys: Any,
) -> None:
    before, edited = a_user("reader"), a_user("admin", version=2)
    wrong = "has no history at all"
    assert refused(capsys) == (
        f"user {before.pk}: {wrong}\nuser {edited.pk}: {wrong}\n0 lines of history; 2 wrong.\n"
    )

    call_command("seal_history")

    assert "1 accounts from before" in capsys.readouterr().out
    assert Change.objects.get().at == before.date_joined
    assert refused(capsys) == f"user {edited.pk}: {wrong}\n1 lines of history; 1 wrong.\n"


def test_what_is_wrong_is_told_line_by_line(capsys: Any) -> None:
    incident = a_recorded_incident()
    Change.objects.update(summary="Nothing of note")
    line = Change.objects.get().pk
    what = "is not as it was written, or is not where it was"

    assert refused(capsys) == (
        f"incident {incident.pk}, line {line}: {what}\n1 lines of history; 1 wrong.\n"
    )
    assert json.loads(refused(capsys, "--json")) == {
        "lines": 1,
        "wrong": [
            {
                "document_type": "incident",
                "document_id": incident.pk,
                "line": line,
                "wrong": what,
            }
        ],
    }


def test_a_record_without_history_is_told(capsys: Any) -> None:
    incident = a_recorded_incident()
    Change.objects.all().delete()

    assert refused(capsys).startswith(f"incident {incident.pk}: has no history at all\n")


def test_history_is_sealed_anew_with_a_new_key(settings: Any, capsys: Any) -> None:
    changed(a_recorded_incident(), title="Another")
    settings.HISTORY_KEY = "a new one"
    assert "2 wrong" in refused(capsys)

    call_command("seal_history")
    assert capsys.readouterr().out == "0 lines of history sealed.\n"
    call_command("seal_history", "--anew")

    assert capsys.readouterr().out == "2 lines of history sealed.\n"
    assert said() == "2 lines of history; 0 wrong.\n"
