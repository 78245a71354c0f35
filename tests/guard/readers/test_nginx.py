from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.guard.configuration import CannotRead
from incidents.guard.readers import read
from tests.guard.readers.reading import refusal, rows

NGINX = r"""
worker_processes auto;
events { worker_connections 1024; }
http {
  include mime.types; # not opened
  upstream app { server 127.0.0.1:8000 max_fails=3; keepalive 32; }
  log_format main '$remote_addr "$request" {};';
  server {
    listen 80 default_server;
    location /api/ {
      proxy_read_timeout
        60s;
    }
    location ~ "^/a{2}$" { ip_hash; return 200 it's; }
    content_by_lua_block { local x = { a = 1 }
    }
  }
}
"""


def test_it_works() -> None:
    assert rows("nginx.conf", NGINX) == [
        (2, "worker_processes", "auto"),
        (3, "events.worker_connections", 1024),
        (5, "http.include", "mime.types"),
        (6, "http.upstream app.server", ["127.0.0.1:8000", "max_fails=3"]),
        (6, "http.upstream app.keepalive", 32),
        (7, "http.log_format", ["main", '$remote_addr "$request" {};']),
        (9, "http.server.listen", [80, "default_server"]),
        (11, "http.server.location /api/.proxy_read_timeout", "60s"),
        (14, "http.server.location ~ ^/a{2}$.ip_hash", True),
        (14, "http.server.location ~ ^/a{2}$.return", [200, "it's"]),
    ]


def test_a_file_of_another_name_is_known_by_its_blocks() -> None:
    assert read("sites/app.conf", b"server {\n  listen 80;\n}\n").format == "nginx"
    assert read("supervisord.conf", b"[program:web]\nnumprocs=2\n").format == "ini"
    assert read("extra.conf", b"work_mem = 4MB\n").format == "postgresql"


PIECES = "a·1· ·\n·{·}·;·\"·'·\\·#·x_by_lua_block {·${a}"


@given(st.text(max_size=100) | st.lists(st.sampled_from(PIECES.split("·"))).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(CannotRead):
        rows("nginx.conf", text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a 1;\n}", "nginx.conf:2: “}” closes nothing."),
        ("a 1;\nb {\n", "nginx.conf:2: The block “b” is not closed."),
        ("a {\n b 1 }", "nginx.conf:2: “b” is not ended by “;”."),
        ("a 1;\nb 2", "nginx.conf:2: “b” is not ended by “;”."),
        ("a 1;\nb 'c", "nginx.conf:2: A quote is not closed."),
        ("a 1;\n;", "nginx.conf:2: There is no directive before “;”."),
        ("a_by_lua_block {\n{}", "nginx.conf:1: The block is not closed."),
        ("a {" * 60, "nginx.conf:1: It is nested more than 50 deep."),
        ("a" + " b" * 2_000, "nginx.conf:1: A directive has more than 1,000 words."),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, why: str) -> None:
    assert refusal("nginx.conf", text).startswith(why)
