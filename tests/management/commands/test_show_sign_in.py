from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from pytest_django.fixtures import Settings

from incidents.directory.demo import ensure_demo_account, read_sign_in, sign_in_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def show(*arguments: str) -> str:
    answer = StringIO()
    call_command("show_sign_in", *arguments, stdout=answer)
    return answer.getvalue()


def test_it_works() -> None:
    ensure_demo_account(at=timezone.now())

    assert read_sign_in().password in show()


def test_a_lost_password_is_told_and_can_be_reset() -> None:
    ensure_demo_account(at=timezone.now())
    sign_in_file().unlink()

    with pytest.raises(CommandError, match="--reset"):
        show()
    shown = show("--reset")
    assert read_sign_in().password in shown


def test_a_site_without_a_demo_account_says_so() -> None:
    with pytest.raises(CommandError, match="no demo account"):
        show()
