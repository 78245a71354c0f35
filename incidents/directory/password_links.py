"""Links by which somebody sets the password of an account, and the message that brings them."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from incidents.models import User


def password_link(person: User) -> str:
    """Good once, for `PASSWORD_RESET_TIMEOUT` seconds, and only while the address stays the same.

    The link is the sign-in's own for lost passwords; nothing is stored that could leak it.
    """
    key = default_token_generator.make_token(person)
    parts = {"uidb36": user_pk_to_url_str(person), "key": key}
    return str(settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=parts))


def mail_link(person: User, link: str) -> bool:
    """Whether a message with the link went out; it does not where the site has no mail server."""
    if not (settings.EMAIL_CONFIGURED and person.email):
        return False
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    context = {"person": person, "link": link, "site": settings.SITE_URL, "days": days}
    text = render_to_string("emails/password_link.txt", context)
    try:
        send_mail("Your account for the postmortems", text, None, [person.email])
    except OSError:
        # Whoever asked for the link has it on the screen and can bring it another way.
        return False
    return True
