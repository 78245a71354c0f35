"""Who the provider of OpenID Connect says that somebody is, and whether it was the provider."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from pytest_django import Settings
from requests import Response

from incidents.directory.adapters import SocialAccountAdapter
from incidents.directory.single_sign_on import is_its_own
from incidents.history.checking import check
from incidents.models import Change, User
from tests.access.test_sign_in import settings_with
from tests.factories import a_user

pytestmark = pytest.mark.django_db

PROVIDER = "https://id.example.com"
CALLBACK = "/accounts/oidc/oidc/login/callback/"
SECRET = "a secret of the client that is long enough for any hash"
Claims = dict[str, Any]


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def strangers_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def grace() -> User:
    return a_user(username="grace", email="grace@example.com")


@pytest.fixture
def provider(settings: Settings, monkeypatch: pytest.MonkeyPatch, key: RSAPrivateKey) -> "Provider":
    read = settings_with(
        monkeypatch,
        OIDC_SERVER_URL=PROVIDER,
        OIDC_CLIENT_ID="postmortems",
        OIDC_CLIENT_SECRET=SECRET,
    )
    for name in ("SOCIALACCOUNT_PROVIDERS", "SOCIALACCOUNT_EMAIL_AUTHENTICATION"):
        setattr(settings, name, read[name])
    settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
    there = Provider(key)
    monkeypatch.setattr(SocialAccountAdapter, "get_requests_session", lambda _: there)
    return there


class Provider:
    """Answers in the place of the network."""

    def __init__(self, key: RSAPrivateKey) -> None:
        self.id_token = ""
        shown = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
        self.answers: dict[str, Callable[[], Any]] = {
            "/.well-known/openid-configuration": lambda: {
                "issuer": PROVIDER,
                "authorization_endpoint": f"{PROVIDER}/authorize",
                "token_endpoint": f"{PROVIDER}/token",
                "userinfo_endpoint": f"{PROVIDER}/userinfo",
                "jwks_uri": f"{PROVIDER}/keys",
            },
            "/keys": lambda: {"keys": [{**shown, "kid": "1", "alg": "RS256"}]},
            "/token": lambda: {
                "access_token": "opaque",
                "token_type": "Bearer",
                "id_token": self.id_token,
            },
            "/userinfo": lambda: {
                "sub": "grace",
                "email": "grace@example.com",
                "email_verified": True,
            },
        }

    def __enter__(self) -> "Provider":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get(self, url: str, **_: Any) -> Response:
        return self.request("GET", url)

    def request(self, _: str, url: str, **__: Any) -> Response:
        answer = Response()
        answer.status_code = 200
        answer.headers["Content-Type"] = "application/json"
        answer._content = json.dumps(self.answers[urlsplit(url).path]()).encode()
        return answer


def claims(**over: Any) -> Claims:
    now = int(time.time())
    return {
        "iss": PROVIDER,
        "aud": "postmortems",
        "sub": "grace",
        "email": "grace@example.com",
        "iat": now,
        "exp": now + 3600,
        **over,
    }


def comes_back(provider: Provider, token: str) -> tuple[bool, int]:
    """Whether somebody is signed in who comes back with this token, and what they are answered."""
    provider.id_token = token
    client = Client()
    away = client.post("/accounts/oidc/oidc/login/")
    (state,) = parse_qs(urlsplit(away["Location"]).query)["state"]
    answer = client.get(CALLBACK, {"code": "one", "state": state})
    return client.get("/me/").status_code == 200, answer.status_code


def signed(key: Any, algorithm: str = "RS256", *, kid: str | None = "1", **over: Any) -> str:
    headers = {"kid": kid} if kid else None
    return jwt.encode(claims(**over), key, algorithm=algorithm, headers=headers)


def test_it_works(grace: User, provider: Provider, key: RSAPrivateKey) -> None:
    assert comes_back(provider, signed(key)) == (True, 302)


def test_who_comes_for_the_first_time_gets_an_account_and_it_is_written_down(
    provider: Provider, key: RSAPrivateKey
) -> None:
    assert comes_back(provider, signed(key)) == (True, 302)

    person, line = User.objects.get(), Change.objects.get()
    assert (line.document_id, line.by, line.summary) == (person.pk, person, "Opened the account")
    assert line.parts[0]["fields"]["email"] == [None, "grace@example.com"]
    assert list(check()) == []


def test_without_the_site_s_own_look_at_it_a_wrong_signature_would_do(
    grace: User, provider: Provider, strangers_key: RSAPrivateKey, monkeypatch: Any
) -> None:
    """Else the refusals of the next test say nothing."""
    monkeypatch.delattr("incidents.directory.single_sign_on.SignedTokens._decode_id_token")

    assert comes_back(provider, signed(strangers_key)) == (True, 302)


def refused_tokens(key: RSAPrivateKey, stranger: RSAPrivateKey) -> dict[str, str]:
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header, body, signature = signed(key).split(".")
    other_body = signed(key, email="root@example.com").split(".")[1]
    return {
        "signed by somebody else": signed(stranger),
        "not signed": signed(None, "none"),
        "with its signature taken off": f"{header}.{body}.",
        "changed": f"{header}.{other_body}.{signature}",
        "signed by what everybody knows": as_hmac(public),
        "signed by the client's secret": as_hmac(SECRET.encode()),
        "of a key that is not shown": signed(key, kid="2"),
        "without the name of its key": signed(key, kid=None),
        "of another issuer": signed(key, iss="https://elsewhere.example.com"),
        "for another site": signed(key, aud="somebody-else"),
        "over": signed(key, exp=int(time.time()) - 3600),
        "no token at all": "abc",
    }


def as_hmac(secret: bytes) -> str:
    """PyJWT does not sign with a public key, others do."""
    head = jwt.utils.base64url_encode(json.dumps({"alg": "HS256", "kid": "1"}).encode())
    body = jwt.utils.base64url_encode(json.dumps(claims()).encode())
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = jwt.utils.base64url_encode(algorithm.sign(head + b"." + body, secret))
    return b".".join((head, body, signature)).decode()


def test_what_the_provider_did_not_sign_opens_nothing(
    grace: User, provider: Provider, key: RSAPrivateKey, strangers_key: RSAPrivateKey
) -> None:
    answers = {
        name: comes_back(provider, token)
        for name, token in refused_tokens(key, strangers_key).items()
    }

    assert {name: signed_in for name, (signed_in, _) in answers.items() if signed_in} == {}
    # A page, and not a failure of the site.
    assert {name: status for name, (_, status) in answers.items() if status >= 500} == {}


def test_a_token_is_good_for_one_coming_back(
    grace: User, provider: Provider, key: RSAPrivateKey
) -> None:
    provider.id_token = signed(key)
    client = Client()
    away = client.post("/accounts/oidc/oidc/login/")
    (state,) = parse_qs(urlsplit(away["Location"]).query)["state"]
    back = {"code": "one", "state": state, "id_token": provider.id_token}

    assert client.get(CALLBACK, back).status_code == 302
    # Neither somebody else who heard of it, nor the same browser again.
    for again in (Client(), client):
        again.post("/accounts/logout/")
        again.get(CALLBACK, back)
        assert again.get("/me/").status_code == 302


def test_the_code_is_bound_to_who_set_out(provider: Provider) -> None:
    away = Client().post("/accounts/oidc/oidc/login/")
    asked = parse_qs(urlsplit(away["Location"]).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert asked["response_type"] == ["code"]


def test_nobody_sets_out_by_following_a_link(grace: User, provider: Provider) -> None:
    answer = Client().get("/accounts/oidc/oidc/login/")

    assert answer.status_code == 200
    assert 'method="post"' in answer.content.decode()


def test_nothing_of_the_provider_s_tokens_is_kept(
    grace: User, provider: Provider, key: RSAPrivateKey
) -> None:
    provider.id_token = signed(key)
    client = Client()
    away = client.post("/accounts/oidc/oidc/login/")
    (state,) = parse_qs(urlsplit(away["Location"]).query)["state"]
    answer = client.get(CALLBACK, {"code": "one", "state": state}, follow=True)

    assert client.get("/me/").status_code == 200
    assert not SocialToken.objects.exists()
    kept = f"{dict(client.session)} {client.cookies.output()} {answer.content.decode()}"
    assert provider.id_token not in kept
    assert "opaque" not in kept


def test_people_are_known_by_their_number_at_the_provider(
    grace: User, provider: Provider, key: RSAPrivateKey
) -> None:
    assert comes_back(provider, signed(key)) == (True, 302)
    other = {"sub": "grace", "email": "married@example.com", "email_verified": True}
    provider.answers["/userinfo"] = lambda: other

    assert comes_back(provider, signed(key, email="married@example.com")) == (True, 302)

    assert User.objects.get() == grace
    assert SocialAccount.objects.get().uid == "grace"


@pytest.mark.parametrize(
    ("issuer", "taken"),
    [
        (PROVIDER, True),
        (f"{PROVIDER}/", True),
        ("https://id.example.com.evil.example", False),
        ("https://elsewhere.example.com", False),
        (f"{PROVIDER}/other-realm", False),
    ],
)
def test_a_provider_calls_itself_by_the_address_that_it_was_named_by(
    grace: User, provider: Provider, key: RSAPrivateKey, issuer: str, taken: bool
) -> None:
    told = {**provider.answers["/.well-known/openid-configuration"](), "issuer": issuer}
    provider.answers["/.well-known/openid-configuration"] = lambda: told

    opened, _ = comes_back(provider, signed(key, iss=issuer))

    assert opened is taken


def test_the_whole_address_of_its_description_may_be_named() -> None:
    assert is_its_own(PROVIDER, f"{PROVIDER}/.well-known/openid-configuration")
    assert not is_its_own(
        PROVIDER, "https://elsewhere.example.com/.well-known/openid-configuration"
    )


def test_who_did_not_set_out_from_here_is_told_that_it_did_not_work(provider: Provider) -> None:
    answer = Client().get(CALLBACK, {"code": "one", "state": "made-up"})

    assert answer.status_code == 401
    assert "third-party account" in answer.content.decode()


def test_a_provider_that_there_is_not_is_not_found() -> None:
    assert Client().get("/accounts/oidc/nobody/login/callback/").status_code == 404
