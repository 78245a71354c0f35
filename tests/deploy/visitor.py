"""Somebody who comes through the proxy, by a browser's way of asking."""

import http.client
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.pages import forms_on

HOST = "127.0.0.1"
NAME = "postmortems.example"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def trusting() -> ssl.SSLContext:
    """Of certificates that a test has made for itself."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def leads_to(self) -> str:
        return self.headers.get("location", "")


@dataclass
class Visitor:
    """`context` is for a proxy, who tells the site by himself what is told here otherwise."""

    cookies: dict[str, str] = field(default_factory=dict)
    context: ssl.SSLContext | None = None

    def get(self, port: int, path: str, **headers: str) -> Answer:
        return self.ask(port, "GET", path, None, headers)

    def send(self, port: int, page: str, action: str, fields: Mapping[str, str]) -> Answer:
        """The form of a page that is sent to `action`, filled in."""
        text = self.get(port, page).text
        (form, *_) = [one for one in forms_on(text, page) if one.action == action]
        token = TOKEN.search(text)
        known = {**form.sent(), **fields, "csrfmiddlewaretoken": token[1] if token else ""}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"https://{NAME}{page}",
        }
        return self.ask(port, "POST", action, urlencode(known, doseq=True), headers)

    def ask(
        self, port: int, method: str, path: str, sent: str | None, headers: Mapping[str, str]
    ) -> Answer:
        connection = self.connection(port)
        try:
            connection.request(method, path, sent, {**self.told_by_proxy(), **headers})
            response = connection.getresponse()
            self.keep(response.headers.get_all("Set-Cookie", []))
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, named, response.read())
        finally:
            connection.close()

    def connection(self, port: int) -> http.client.HTTPConnection:
        if self.context:
            return http.client.HTTPSConnection(HOST, port, timeout=120, context=self.context)
        return http.client.HTTPConnection(HOST, port, timeout=120)

    def told_by_proxy(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {
            "Host": NAME,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.7",
            "Accept": "text/html",
            **({"Cookie": cookie} if cookie else {}),
        }

    def keep(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value

    def sign_in(self, port: int, username: str, password: str) -> Answer:
        page = "/accounts/login/"
        return self.send(port, page, page, {"login": username, "password": password})
