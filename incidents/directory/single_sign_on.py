"""Who comes back from the provider of OpenID Connect."""

from collections.abc import Mapping
from typing import Any

import jwt
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase

ALGORITHMS = frozenset(
    f"{kind}{bits}" for kind in ("RS", "ES", "PS") for bits in (256, 384, 512)
) | {"EdDSA"}
"""Those with a key that the provider shows to everybody, and with which nobody else can sign."""


class SignedTokens(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth ships no types
    """Looks at the signature of every token that says who somebody is.

    django-allauth leaves that out where it was handed the token by the provider itself, which the
    standard allows: there TLS is what says so.
    """

    def _decode_id_token(self, app: SocialApp, id_token: str) -> Mapping[str, Any]:
        """Raises `OAuth2Error`, which is answered with a page."""
        try:
            if not is_its_own(self.openid_config["issuer"], app.settings["server_url"]):
                raise OAuth2Error("The provider calls itself by another address.")
            algorithm = jwt.get_unverified_header(id_token).get("alg")
            if algorithm not in ALGORITHMS:
                raise OAuth2Error(f"The token is signed by {algorithm!r}, which is not taken.")
            said: Mapping[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (jwt.PyJWTError, KeyError, TypeError) as error:
            raise OAuth2Error("The token, or the provider's list of keys, is not whole.") from error
        return said


def is_its_own(issuer: str, server_url: str) -> bool:
    """What is told at an address has to be told of it, as OpenID Connect Discovery wants."""
    told_at = server_url.partition("/.well-known/")[0]
    return issuer.rstrip("/") == told_at.rstrip("/")


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    try:
        view = OAuth2CallbackView.adapter_view(SignedTokens(request, provider_id))
        answer: HttpResponseBase = view(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return answer
