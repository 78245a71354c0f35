import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from pytest_django.fixtures import Settings

from incidents.directory.demo import (
    DemoPasswordUnknown,
    NoDemoAccount,
    ensure_demo_account,
    read_sign_in,
    reset_demo_password,
    sign_in_file,
)
from incidents.models import Role, User

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.mark.django_db
def test_it_works() -> None:
    ensure_demo_account(at=AT)

    sign_in = read_sign_in()
    account = authenticate(username=sign_in.username, password=sign_in.password)
    assert isinstance(account, User)
    assert account.role == Role.ADMIN
    assert account.date_joined == AT


@pytest.mark.django_db
def test_the_password_is_for_the_owner_of_the_files_alone() -> None:
    ensure_demo_account(at=AT)

    assert stat.S_IMODE(sign_in_file().stat().st_mode) == 0o600
    assert len(sign_in_file().read_text().strip()) >= 16


@pytest.mark.django_db
def test_a_second_start_keeps_the_password() -> None:
    ensure_demo_account(at=AT)
    first = read_sign_in()
    ensure_demo_account(at=AT)

    assert read_sign_in() == first


@pytest.mark.django_db
def test_no_two_installations_have_one_password() -> None:
    ensure_demo_account(at=AT)
    first = read_sign_in()

    assert reset_demo_password().password != first.password


@pytest.mark.django_db
def test_a_site_with_people_gets_no_demo_account() -> None:
    User.objects.create_user("ada")

    assert ensure_demo_account(at=AT) is None
    assert not User.objects.filter(username="demo").exists()
    assert not sign_in_file().exists()


@pytest.mark.django_db
def test_no_account_is_left_without_a_file_that_tells_its_password(
    settings: Settings,
) -> None:
    settings.VAR_DIR = Path("/nowhere/at/all")

    with pytest.raises(FileNotFoundError):
        ensure_demo_account(at=AT)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_lost_file_is_told() -> None:
    ensure_demo_account(at=AT)
    sign_in_file().unlink()

    with pytest.raises(DemoPasswordUnknown, match="is gone"):
        read_sign_in()


@pytest.mark.django_db
def test_a_changed_password_is_told() -> None:
    account = ensure_demo_account(at=AT)
    assert account
    account.set_password("chosen by somebody")
    account.save()

    with pytest.raises(DemoPasswordUnknown, match="has been changed"):
        read_sign_in()


@pytest.mark.django_db
def test_a_new_password_replaces_the_old_one() -> None:
    ensure_demo_account(at=AT)
    old = read_sign_in()
    new = reset_demo_password()

    assert read_sign_in() == new
    assert authenticate(username="demo", password=old.password) is None


@pytest.mark.django_db
def test_a_reset_makes_no_account() -> None:
    with pytest.raises(NoDemoAccount):
        reset_demo_password()
    assert not User.objects.exists()
