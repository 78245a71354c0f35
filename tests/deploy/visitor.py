"""Somebody who comes through the proxy, by a browser's way of asking."""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.pages import forms_on

HOST = "127.0.0.1"
NAME = "postmortems.example"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


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
    cookies: dict[str, str] = field(default_factory=dict)

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
        connection = http.client.HTTPConnection(HOST, port, timeout=120)
        try:
            connection.request(method, path, sent, {**self.told_by_proxy(), **headers})
            response = connection.getresponse()
            self.keep(response.headers.get_all("Set-Cookie", []))
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, named, response.read())
        finally:
            connection.close()

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
