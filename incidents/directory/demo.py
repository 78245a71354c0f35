"""The demo account of an embedded site: a sign-in for whoever has just typed `make run`.

Its password is drawn at random, once for each installation, and kept in `demo-sign-in` under
VAR_DIR for the owner of the files only, so that it can be shown again. A site in production never
gets the account: only `run_site` makes it, and only where there is nobody yet.
"""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from incidents.directory.operations import added
from incidents.history.operations import create_record
from incidents.models import Role, User

USERNAME = "demo"
# Without the letters and digits that are mistaken for one another.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 5


class NoDemoAccount(Exception):
    """This site has no demo account."""


class DemoPasswordUnknown(Exception):
    """The account is there, but its password is not in the file any more."""


@dataclass(frozen=True)
class SignIn:
    username: str
    password: str


def ensure_demo_account(*, at: datetime) -> User | None:
    """The demo account, made where the site has no people at all; None where others came first.

    The password of an account that is there already stays as it is.
    """
    with transaction.atomic():
        account = User.objects.filter(username=USERNAME).first()
        if account or User.objects.exists():
            return account
        account = User(username=USERNAME, first_name="Demo", role=Role.ADMIN, date_joined=at)
        # Inside the transaction: no account without a file that tells its password.
        account.set_password(_draw_password())
        return create_record(account, by=None, at=at, summary=added(account))


def reset_demo_password() -> SignIn:
    """A new password for the demo account. Raises NoDemoAccount."""
    with transaction.atomic():
        account = _account()
        account.set_password(_draw_password())
        account.save(update_fields=["password"])
    return read_sign_in()


def read_sign_in() -> SignIn:
    """How to sign in as the demo account. Raises NoDemoAccount and DemoPasswordUnknown."""
    account = _account()
    try:
        password = sign_in_file().read_text().strip()
    except FileNotFoundError:
        raise DemoPasswordUnknown(f"{sign_in_file()} is gone.") from None
    if not account.check_password(password):
        raise DemoPasswordUnknown("The demo account's password has been changed since.")
    return SignIn(account.username, password)


def sign_in_file() -> Path:
    return Path(settings.VAR_DIR) / "demo-sign-in"


def _account() -> User:
    account = User.objects.filter(username=USERNAME).first()
    if account is None:
        raise NoDemoAccount("This site has no demo account; `make run` makes one on a new site.")
    return account


def _draw_password() -> str:
    """A new random password, written to the file before it is used."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    password = "-".join(groups)
    path = sign_in_file()
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    # Private from its first moment on, and whole when it gets its name.
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{password}\n")
    draft.replace(path)
    return password
