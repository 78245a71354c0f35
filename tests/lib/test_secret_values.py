"""Secrets that somebody is about to write down."""

import base64
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib.secret_values import masked, names_a_secret, secret_in

ORDINARY = [
    tuple(line.split(" = ", 1))
    for line in Path(__file__).with_name("ordinary_values.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


def token(alphabet: str, length: int) -> str:
    """Made here, so that no scanner of this repository takes it for one."""
    return "".join(random.Random(length).choices(alphabet, k=length))


CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
HEX = "0123456789abcdef"
JWT = ".".join(
    base64.urlsafe_b64encode(part).decode().rstrip("=")
    for part in (b'{"alg":"HS256","typ":"JWT"}', b'{"sub":"1234567890"}', bytes(range(32)))
)
PEM = "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("AKIA" + token(CAPITALS, 16), "an access key of AWS"),
        ("ghp_" + token(LETTERS, 36), "a token of GitHub"),
        ("github_pat_" + token(LETTERS, 82), "a token of GitHub"),
        ("glpat-" + token(LETTERS, 20), "a token of GitLab"),
        ("xoxb-" + token("0123456789", 12) + "-" + token(LETTERS, 24), "a token of Slack"),
        ("https://hooks.slack.com/services/T0/B0/" + token(LETTERS, 24), "a webhook of a chat"),
        ("sk_live_" + token(LETTERS, 24), "a key of Stripe"),
        ("AIza" + token(LETTERS, 35), "a key of Google"),
        ("npm_" + token(LETTERS, 36), "a token of a package registry"),
        ("sk-proj-" + token(LETTERS, 40), "a key of a language model's maker"),
        ("SG." + token(LETTERS, 22) + "." + token(LETTERS, 43), "a key of SendGrid"),
        ("dop_v1_" + token(HEX, 64), "a token of a cloud service"),
        ("hvs." + token(LETTERS, 24), "a token of a cloud service"),
        ("123456789:" + token(LETTERS, 35), "a bot's token of Telegram"),
        (JWT, "a signed token (JWT)"),
        (PEM, "a private key"),
        (PEM.split("\n", maxsplit=1)[0], "a private key"),
        ("$2b$12$" + token(LETTERS, 53), "the hash of a password"),
        ("Authorization: Bearer " + token(LETTERS, 24), "the credentials of a request"),
        ("postgres://app:hunter2@db:5432/main", "a password in an address"),
        ("redis://:hunter2@cache/0", "a password in an address"),
        ("host=db user=app password=hunter2", "a password"),
        ("backup --db-password hunter2 --to s3", "a password on a command line"),
        ("AWS_SECRET_ACCESS_KEY=" + token(LETTERS + "+/", 40), "a password"),
        ("seed " + token(LETTERS + "+/", 40), "a long random text, as keys and tokens are"),
    ],
)
def test_it_works(value: str, kind: str) -> None:
    assert secret_in(value) == kind
    hidden = masked(f"It was {value} before.")
    assert hidden.startswith("It was ")
    assert kind in hidden
    assert hidden.endswith(" before.")
    assert value not in hidden
    assert masked(hidden) == hidden


SMALL = "abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f'adafruit_api_token = "{token(SMALL, 32)}"', token(SMALL, 32)),
        (f'"planToken" => "{token(HEX, 30)}"', token(HEX, 30)),
        (f"SHOP_TOKEN ::= '{token(HEX, 40)}'", token(HEX, 40)),
        ("shopSecret: 915877736086655217", "915877736086655217"),
        (f"the key {token(SMALL, 40)} of the gateway", token(SMALL, 40)),
        (f"rubygems_{token(HEX, 48)}", token(HEX, 48)),
        (f"dp.pt.{token(LETTERS, 43)}", token(LETTERS, 43)),
        (f'curl -H "X-Api-Key: {token(SMALL, 20)}" https://example.com', token(SMALL, 20)),
        ("curl -u deploy:hunter2 https://example.com", "hunter2"),
        ("curl -s \\\n  --user 'deploy:hunter2' https://example.com", "hunter2"),
        ('curl -u ":hunter2" https://example.com', "hunter2"),
        (f"curl https://example.com -u {token(SMALL, 20)}:", token(SMALL, 20)),
        (f"api_token{' ' * 30}={' ' * 12}'{token(SMALL, 20)}'", token(SMALL, 20)),
        ('"secret": "a;b,c&d1e2f3"', "b,c&d1e2f3"),
        ('<add key="Password"\n     value="it\'s hunter2" />', "hunter2"),
        (f"Authorization: Token {token(HEX, 20)}", token(HEX, 20)),
        (f"kind: Secret\ndata:\n  user: {token(LETTERS, 12)}=", token(LETTERS, 12)),
        ('<add key="ProxyPassword" value="hunter2" />', "hunter2"),
    ],
)
def test_nothing_of_it_is_left(text: str, secret: str) -> None:
    assert secret_in(text)
    assert secret not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "max_token: 4096",
        "token: expired",
        "the token was renewed, and the secret rotated",
        "secretName: shop-credentials",
        "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "InternalFrameTitlePaneMaximizeButtonWindow",
        "release-493b682b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f",
        "routing_key = orders.created",
        "Authorization: see the vault",
        "curl -u deploy https://example.com",
        "curl -u deploy: https://example.com",
        "curl -u $USER:$PASSWORD https://example.com",
        "test_nothing_of_it_is_left_in_any_log_at_all",
    ],
)
def test_what_only_speaks_of_secrets_is_none(text: str) -> None:
    assert secret_in(text) is None


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "spring.datasource.password",
        "DB_PASSWORD",
        "redisPassword",
        "SECRET_KEY_BASE",
        "stripe.apiKey",
        "aws_secret_access_key",
        "oauth.client_secret",
        "vault-token",
    ],
)
def test_the_name_tells_too(name: str) -> None:
    assert secret_in("hunter2", name=name)
    assert "hunter2" not in masked("hunter2", name=name)


@pytest.mark.parametrize(
    "value",
    [
        "${DB_PASSWORD}",
        "$DB_PASSWORD",
        "{{ vault.db }}",
        "<from the vault>",
        "/run/secrets/db",
        "vault:secret/db#password",
        "********",
        "rotated",
        "old one",
        "[hidden: an access key of AWS]",
        "",
        "true",
        "12",
    ],
)
def test_what_stands_in_its_place_is_none(value: str) -> None:
    assert secret_in(value, name="db.password") is None


@pytest.mark.parametrize(
    "name",
    [
        "password_min_length",
        "token_ttl",
        "secretName",
        "keyspace",
        "max_tokens",
        "key",
        "tokenizer",
    ],
)
def test_names_about_secrets_are_ordinary(name: str) -> None:
    assert not names_a_secret(name)


@pytest.mark.parametrize(("name", "value"), ORDINARY)
def test_ordinary_values_are_not_refused(name: str, value: str) -> None:
    assert secret_in(value, name=name) is None
    assert masked(value, name=name) == value


def test_there_are_enough_ordinary_values() -> None:
    assert len(set(ORDINARY)) >= 200


def test_random_keys_are_caught_as_a_rule() -> None:
    random_bytes = random.Random(6)
    keys = [base64.b64encode(random_bytes.randbytes(32)).decode() for _ in range(500)]

    assert sum(secret_in(key) is not None for key in keys) >= 490


@given(text=st.text(max_size=300), name=st.text(max_size=60))
def test_any_text_is_read(text: str, name: str) -> None:
    found = secret_in(text, name=name)

    assert (found is None) == (masked(text, name=name) == text)


@given(st.sampled_from(["password=", "a://", "eyJ", "$2b$", "-----BEGIN PRIVATE KEY-----", "x:"]))
def test_long_texts_are_read_at_once(piece: str) -> None:
    masked(piece * 20_000)
