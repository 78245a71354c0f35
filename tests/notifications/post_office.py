"""A mail server for tests, which drops connections when it is told to."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread

# At which word of which connection the line is cut: (number of the connection, word) → cut?
# The words are "connect", "MAIL", "RCPT", "DATA", and "accepted": the mail is kept, and the answer
# that says so is not sent.
Drops = Callable[[int, str], bool]


class Dropped(Exception):
    pass


@dataclass
class PostOffice:
    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    dropped: int = 0
    # Answers other than the usual, by word: "RCPT" → "550 nobody".
    answers: dict[str, str] = field(default_factory=dict)

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]


def never(number: int, word: str) -> bool:
    return False


@contextmanager
def post_office(drops: Drops = never) -> Iterator[PostOffice]:
    """Takes one connection after the other, as SMTP (RFC 5321) wants it, without extensions."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listening:
        office = PostOffice(listening.getsockname()[1])
        thread = Thread(target=serve, args=(listening, office, drops), daemon=True)
        thread.start()
        yield office
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def serve(listening: socket.socket, office: PostOffice, drops: Drops) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        office.connections += 1
        number = office.connections
        with connection, suppress(OSError):
            try:
                converse(connection, office, lambda word, number=number: drops(number, word))
            except Dropped:
                office.dropped += 1


def converse(connection: socket.socket, office: PostOffice, drops: Callable[[str], bool]) -> None:
    lines = connection.makefile("rb")

    def say(text: str) -> None:
        connection.sendall(text.encode() + b"\r\n")

    def at(word: str) -> None:
        if drops(word):
            raise Dropped

    at("connect")
    say("220 office.example ESMTP")
    for line in lines:
        word = line.split(None, 1)[0].decode().upper() if line.strip() else ""
        at(word)
        if word == "QUIT":
            say("221 bye")
            return
        if word in office.answers:
            say(office.answers[word])
        elif word == "DATA":
            say("354 go on")
            mail = b"".join(iter(lines.readline, b".\r\n"))
            if "body" in office.answers:
                say(office.answers["body"])
                continue
            office.mails.append(message_from_bytes(mail, policy=policy.default))  # type: ignore[arg-type]
            at("accepted")
            say("250 kept")
        else:
            say("250 office.example")
