"""A server of a test's own, which can stop, hang, break, and come back at the same address."""

import socket
import threading
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import Client
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler
from playwright.sync_api import Page

from incidents.models import User

HOST = "127.0.0.1"


class OneRequest(QuietWSGIRequestHandler):
    """A connection that is kept would go on being answered after the server has stopped."""

    protocol_version = "HTTP/1.0"


class Thread(LiveServerThread):
    def _create_server(self, connections_override: object = None) -> ThreadedWSGIServer:
        return ThreadedWSGIServer((self.host, self.port), OneRequest)


class OwnServer:
    def __init__(self) -> None:
        self.live: Thread | None = None
        self.instead: Instead | None = None
        self.start(port=0)

    def start(self, *, port: int) -> None:
        self.live = Thread(HOST, static_handler=StaticFilesHandler, port=port)
        self.live.daemon = True
        self.live.start()
        self.live.is_ready.wait()
        if self.live.error:
            raise self.live.error
        self.port = self.live.port
        self.url = f"http://{HOST}:{self.port}"

    def stop(self) -> None:
        """Nobody listens any more."""
        if self.live is not None:
            self.live.terminate()
            self.live = None
        if self.instead is not None:
            self.instead.stop()
            self.instead = None

    def hang(self) -> None:
        """Somebody listens, and never answers."""
        self.stop()
        self.instead = Instead(self.port, b"")

    def break_down(self) -> None:
        """A proxy stands there, and has nobody behind it."""
        self.turn_away("502 Bad Gateway")

    def turn_away(self, *head: str) -> None:
        """A gateway stands there and answers by itself; `head` is the status and header lines."""
        self.stop()
        lines = [f"HTTP/1.1 {head[0]}", *head[1:], "Content-Length: 0", "Connection: close"]
        self.instead = Instead(self.port, "\r\n".join([*lines, "", ""]).encode())

    def come_back(self) -> None:
        self.stop()
        self.start(port=self.port)


class Instead:
    """Takes every connection, and gives each the same reply; or none, and keeps it open."""

    def __init__(self, port: int, reply: bytes) -> None:
        self.reply = reply
        self.held: list[socket.socket] = []
        self.listening = socket.create_server((HOST, port))
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self) -> None:
        while True:
            try:
                connection, _address = self.listening.accept()
            except OSError:
                return
            self.held.append(connection)
            if self.reply:
                connection.recv(65_536)
                connection.sendall(self.reply)
                connection.shutdown(socket.SHUT_WR)

    def stop(self) -> None:
        # Wakes the thread: a socket that is waited on does not close.
        self.listening.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        for one in [self.listening, *self.held]:
            one.close()


def sign_in(page: Page, server: OwnServer, user: User) -> None:
    client = Client()
    client.force_login(user)
    # The first page of a process takes long on a busy machine, and a browser does not wait long.
    client.get("/runbooks/offline/")
    cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "url": server.url}
    cookie["value"] = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([cookie])
