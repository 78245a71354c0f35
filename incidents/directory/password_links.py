"""Links by which somebody sets the password of an account."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from incidents.models import User


def password_link(person: User) -> str:
    """Good once, for `PASSWORD_RESET_TIMEOUT` seconds, and only while the address stays the same.

    The link is the sign-in's own for lost passwords; nothing is stored that could leak it.
    """
    key = default_token_generator.make_token(person)
    parts = {"uidb36": user_pk_to_url_str(person), "key": key}
    return str(settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=parts))
