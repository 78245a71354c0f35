"""Keeping the lists of services, teams and people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from incidents.access.sessions import end_sessions
from incidents.directory.password_links import password_link
from incidents.history.operations import (
    change_record,
    create_record,
    write_change,
    write_first,
)
from incidents.history.slugs import free_slug, slug_or_refusal
from incidents.jobs.operations import owe
from incidents.lib.links import UnreadableLinks, read_links
from incidents.lookup.operations import keep_findable
from incidents.models import Change, Role, Service, Team, User
from incidents.notifications.operations import gets_mail


class WrongLinks(ValidationError):
    """Lines of the links are no addresses that are safe to follow; it says which and why."""

    def __init__(self, refused: UnreadableLinks) -> None:
        super().__init__({"links": refused.sentences})


class NameTaken(ValidationError):
    """Names are told apart without regard to capitals, as they are at the sign-in."""

    def __init__(self, name: str) -> None:
        super().__init__(
            {
                "username": gettext("“%(name)s” is taken already: choose another one.")
                % {"name": name}
            }
        )


class AddressTaken(ValidationError):
    """One signs in by the address too, so it leads to one account."""

    def __init__(self) -> None:
        super().__init__({"email": gettext("Another account has this address already.")})


class LastAdministrator(ValidationError):
    """Nobody would be left to give the role back."""

    def __init__(self) -> None:
        super().__init__(
            {"role": gettext("Somebody must be administrator: give the role to another first.")}
        )


class AccountClosed(Exception):
    """Who may not sign in needs no password."""

    def __init__(self) -> None:
        super().__init__(gettext("This account is deactivated: reactivate it first."))


@transaction.atomic
def create_service(*, values: Mapping[str, Any], by: User | None, at: datetime) -> Service:
    """Add a system that can break; without a slug it is given one made from the name.

    Raises `WrongLinks`, `incidents.history.slugs.SlugTaken` and
    `incidents.lib.markdown.TextTooLong`.
    """
    check_links(values)
    service = Service(**values)
    service.slug = service.slug or free_slug(Service, service.name)
    with slug_or_refusal(Service, service.slug):
        create_record(service, by=by, at=at, summary=f"Added the service “{service.name}”")
    keep_findable(service)
    return service


@transaction.atomic
def change_service(
    service: Service, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> Service:
    """Raises `EditConflict`, `RowGone`, `WrongLinks`, `incidents.history.slugs.SlugTaken`, and
    `incidents.lib.markdown.TextTooLong`.
    """
    check_links(values)
    name_before = Service.objects.filter(pk=service.pk).values_list("name", flat=True).first()
    with slug_or_refusal(Service, values.get("slug")):
        service = change_record(
            service, version=version, values=values, by=by, at=at, summary="Changed the service"
        )
    keep_findable(service)
    if service.name != name_before:
        # Runbooks and incidents are found by the names of their services too, and may be many.
        owe("directory.find_by_new_name", {"service": service.pk}, at=at, by=by)
    return service


@transaction.atomic
def create_team(*, values: Mapping[str, Any], by: User | None, at: datetime) -> Team:
    """Add a team; without a slug it is given one made from the name.

    Raises `incidents.history.slugs.SlugTaken` and `incidents.lib.markdown.TextTooLong`.
    """
    columns = dict(values)
    related = {"members": columns.pop("members", [])}
    team = Team(**columns)
    team.slug = team.slug or free_slug(Team, team.name)
    with slug_or_refusal(Team, team.slug):
        summary = f"Added the team “{team.name}”"
        create_record(team, by=by, at=at, summary=summary, related=related)
    keep_findable(team)
    return team


@transaction.atomic
def change_team(
    team: Team, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> Team:
    """Raises `EditConflict`, `RowGone`, `incidents.history.slugs.SlugTaken`, and
    `incidents.lib.markdown.TextTooLong`.
    """
    with slug_or_refusal(Team, values.get("slug")):
        team = change_record(
            team, version=version, values=values, by=by, at=at, summary="Changed the team"
        )
    keep_findable(team)
    return team


@transaction.atomic
def create_person(*, values: Mapping[str, Any], by: User | None, at: datetime) -> User:
    """Make an account, which has no password until its person sets one (`give_password_link`).

    Raises `NameTaken` and `AddressTaken`.
    """
    person = User(**values, date_joined=at)
    person.set_unusable_password()
    if User.objects.filter(username__iexact=person.username).exists():
        raise NameTaken(person.username)
    refuse_taken_address(person.email, of=person)
    return create_record(person, by=by, at=at, summary=added(person))


def added(person: User) -> str:
    return f"Added the account of {person.name}"


def open_account(person: User, *, at: datetime) -> None:
    """Write down an account that somebody has just made for themselves, at the sign-in."""
    write_first(person, by=person, at=at, summary="Opened the account")


def write_down_account(person: User, *, at: datetime) -> None:
    """Write down an account that was made at the machine itself."""
    write_first(person, by=None, at=at, summary=added(person))


@transaction.atomic
def write_down_accounts_from_before() -> int:
    """Those from before every account had its line, and never edited since. Returns how many."""
    lines = Change.objects.filter(document_type="user", document_id=OuterRef("pk"))
    found = list(User.objects.filter(~Exists(lines), version=1).order_by("pk"))
    for person in found:
        write_down_account(person, at=person.date_joined)
    return len(found)


@transaction.atomic
def change_person(
    person: User, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> User:
    """Raises `AddressTaken`, `LastAdministrator`, `EditConflict` and `RowGone`."""
    if values.get("role", Role.ADMIN) != Role.ADMIN:
        refuse_to_lose_the_last_administrator(person)
    if "email" in values:
        refuse_taken_address(values["email"], of=person)
        # The address that is given up does not open the account any more.
        EmailAddress.objects.filter(user=person).exclude(email__iexact=values["email"]).delete()
    return change_record(
        person, version=version, values=values, by=by, at=at, summary="Changed the account"
    )


@transaction.atomic
def change_profile(
    person: User, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> User:
    """What people change of their own accounts. Raises `EditConflict` and `RowGone`."""
    return change_record(
        person, version=version, values=values, by=by, at=at, summary="Changed the profile"
    )


@transaction.atomic
def deactivate_person(person: User, *, by: User | None, at: datetime) -> User:
    """Close the account, at once also where they are signed in. All that they wrote stays.

    Raises `LastAdministrator`, `EditConflict` and `RowGone`.
    """
    refuse_to_lose_the_last_administrator(person)
    end_sessions(person)
    return change_record(
        person,
        version=person.version,
        values={"is_active": False},
        by=by,
        at=at,
        summary="Deactivated the account",
    )


@transaction.atomic
def reactivate_person(person: User, *, by: User | None, at: datetime) -> User:
    """Raises `EditConflict` and `RowGone`."""
    return change_record(
        person,
        version=person.version,
        values={"is_active": True},
        by=by,
        at=at,
        summary="Reactivated the account",
    )


@transaction.atomic
def give_password_link(person: User, *, by: User, at: datetime) -> str:
    """The address at which this person sets a password, once; another is on its way to their
    mailbox, where they have one. Raises `AccountClosed`.

    Whoever holds it can sign in as the person, so history says who asked for it.
    """
    if not person.is_active:
        raise AccountClosed
    summary = "Made a link by which the password can be set"
    write_change(person, by=by, at=at, summary=summary, parts=[])
    if gets_mail(person):
        owe("directory.mail_password_link", {"person": person.pk}, at=at, by=by)
    return password_link(person)


@transaction.atomic
def ask_for_new_password(address: str, *, by: User | None, at: datetime) -> None:
    """Somebody who is not signed in says that they lost theirs. Whether this is the address of an
    account is found out by the job, so that who asks cannot tell."""
    owe("directory.mail_lost_password", {"address": address}, at=at, by=by)


@transaction.atomic
def ask_to_confirm(address: EmailAddress, *, by: User | None, at: datetime) -> None:
    """Ask by mail whether it is this person's."""
    owe("directory.mail_to_confirm", {"address": address.pk}, at=at, by=by)


def check_links(values: Mapping[str, Any]) -> None:
    """Raises `WrongLinks`."""
    try:
        read_links(str(values.get("links", "")))
    except UnreadableLinks as refused:
        raise WrongLinks(refused) from refused


def refuse_taken_address(address: str, *, of: User) -> None:
    if not address:
        return
    others = User.objects.filter(email__iexact=address).exclude(pk=of.pk)
    aliases = EmailAddress.objects.filter(email__iexact=address).exclude(user=of.pk)
    if others.exists() or aliases.exists():
        raise AddressTaken


def refuse_to_lose_the_last_administrator(person: User) -> None:
    """All administrators are held, so that two cannot remove each other at the same moment."""
    administrators = User.objects.select_for_update().filter(role=Role.ADMIN, is_active=True)
    if list(administrators.order_by("pk").values_list("pk", flat=True)) == [person.pk]:
        raise LastAdministrator
