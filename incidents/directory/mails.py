"""Mails about accounts. Their links are made when they are sent, and are written down nowhere."""

from allauth.account import app_settings
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from incidents.directory.password_links import password_link
from incidents.models import User

SECONDS_OF_A_DAY = 86_400


def for_new_account(person: User) -> EmailMessage:
    with translation.override(person.reads):
        words = with_password_link(person, "emails/password_link.txt")
        return EmailMessage(gettext("Your account for the postmortems"), words, to=[person.email])


def for_lost_password(person: User, address: str) -> EmailMessage:
    with translation.override(person.reads):
        words = with_password_link(person, "emails/lost_password.txt")
        return EmailMessage(gettext("A new password for the postmortems"), words, to=[address])


def with_password_link(person: User, template: str) -> str:
    days = settings.PASSWORD_RESET_TIMEOUT // SECONDS_OF_A_DAY
    return render_to_string(
        template,
        {"person": person, "site": settings.SITE_URL, "link": password_link(person), "days": days},
    )


def to_confirm(address: EmailAddress) -> EmailMessage:
    key = EmailConfirmationHMAC.create(address).key
    context = {
        "person": address.user,
        "site": settings.SITE_URL,
        "link": settings.SITE_URL + reverse("account_confirm_email", args=[key]),
        "days": app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS,
    }
    with translation.override(address.user.reads):
        words = render_to_string("emails/confirm_address.txt", context)
        return EmailMessage(gettext("Is this your address?"), words, to=[address.email])
