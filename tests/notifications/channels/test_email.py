"""A mail says what happened in text and in HTML, and nothing that people wrote becomes more."""

import socket
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from incidents.models import Event, Rhythm, User
from incidents.notifications.channels import email
from incidents.notifications.channels.parcel import MOST_LINES, NotBrought, NotTaken, Parcel
from incidents.notifications.sentences import Line
from tests.factories import NOW
from tests.notifications.post_office import PostOffice, post_office

UID = UUID("12345678123456781234567812345678")
ADDRESS = "https://postmortems.example/incidents/INC-42/"


def a_line(**fields: Any) -> Line:
    return Line(
        **{
            "event": Event.ASSIGNED,
            "before": "Olga made you the owner of ",
            "reference": "INC-42",
            "title": "Orders time out",
            "after": "",
            "url": ADDRESS,
            "detail": "",
            "at": NOW,
            **fields,
        }
    )


def a_parcel(*lines: Line, rhythm: Rhythm = Rhythm.AT_ONCE, to: str = "ed@example.com") -> Parcel:
    person = User(username="ed", email=to, first_name="Ed")
    when: datetime = NOW
    return Parcel(
        uid=UID, rhythm=rhythm, made_at=when, lines=list(lines or [a_line()]), person=person
    )


def parts(parcel: Parcel) -> tuple[str, str]:
    mail = email.mail_for(parcel)
    return str(mail.body), str(mail.alternatives[0][0])


@pytest.fixture
def _to_the_office(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = 10


def send(office: PostOffice, settings: Settings, parcel: Parcel) -> str:
    settings.EMAIL_PORT = office.port
    return email.send(parcel)


@pytest.mark.usefixtures("_to_the_office")
def test_it_works(settings: Settings) -> None:
    with post_office() as office:
        assert send(office, settings, a_parcel(a_line(detail="By Friday."))) == "Sent."

    mail = office.mails[0]
    assert mail["To"] == "ed@example.com"
    assert mail["From"] == "postmortems@example.com"
    assert mail["Subject"] == "Olga made you the owner of INC-42 Orders time out"
    assert mail["Message-ID"] == f"<{UID.hex}@postmortems.example>"
    assert mail["List-Unsubscribe"] == "<https://postmortems.example/notifications/preferences/>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, page = (part.get_content() for part in mail.iter_parts())
    assert "Hello Ed," in text
    for content in (text, page):
        assert "By Friday." in content
        assert ADDRESS in content
    assert f'<a href="{ADDRESS}"><bdi>INC-42 Orders time out</bdi></a>' in page


HOSTILE = [
    "{{7*7}}",
    "{0.__class__}",
    "{name.__class__}",
    "%(x)s %s",
    "${7*7}",
    "{preferences}",
    "{% debug %}",
    "{{ settings.SECRET_KEY }}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_a_template_stays_as_it_is(text: str) -> None:
    parcel = a_parcel(a_line(title=text, detail=text, before=f"{text} asks you to review "))

    body, page = parts(parcel)

    assert body.count(text) == 3
    # Twice more in the subject, which is its title.
    assert page.count(text) == 3 + 2
    assert text in email.subject_of(parcel)


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<!--x", "</bdi></a><b>"],
)
def test_nothing_becomes_html(text: str) -> None:
    _, page = parts(a_parcel(a_line(title=text, detail=text, before=text)))

    assert text not in page


def test_no_title_writes_a_header(settings: Settings) -> None:
    title = "Orders\r\nBcc: everybody@example.com\n\nBody\x00\x1b[31m\u2028x\u202egpj.exe"
    person = a_parcel(a_line(title=title))

    mail = email.mail_for(person).message()

    assert mail["Bcc"] is None
    assert "\n" not in email.subject_of(person)
    assert "\u202e" not in email.subject_of(person)


@pytest.mark.parametrize("address", ["", "ed@example.com\nBcc: all@example.com", "ed\x00@x"])
def test_no_address_writes_a_header(address: str) -> None:
    with pytest.raises(NotTaken):
        email.send(a_parcel(to=address))


def test_several_are_one_mail() -> None:
    parcel = a_parcel(a_line(), a_line(reference="ACT-9", title="Raise the limit"))

    body, page = parts(parcel)

    assert email.subject_of(parcel).endswith("Orders time out (and 1 more)")
    assert "ACT-9 Raise the limit" in body
    assert "ACT-9 Raise the limit" in page


@pytest.mark.parametrize(
    ("rhythm", "count", "subject"),
    [
        (Rhythm.DAILY, 1, "Your daily digest: 1 message"),
        (Rhythm.WEEKLY, 3, "Your weekly digest: 3 messages"),
    ],
)
def test_a_digest_says_how_many(rhythm: Rhythm, count: int, subject: str) -> None:
    assert email.subject_of(a_parcel(*[a_line()] * count, rhythm=rhythm)) == subject


def test_a_very_long_digest_says_how_many_more() -> None:
    body, _ = parts(a_parcel(*[a_line()] * (MOST_LINES + 7)))

    assert body.count("Orders time out") == MOST_LINES
    assert "And 7 more" in body


@pytest.mark.usefixtures("_to_the_office")
@pytest.mark.parametrize(
    ("word", "answer", "refusal"),
    [
        ("RCPT", "550 no such user", NotTaken),
        ("RCPT", "450 busy", NotBrought),
        ("MAIL", "550 not from you", NotBrought),
        ("body", "554 looks like spam", NotTaken),
        ("body", "451 try again", NotBrought),
    ],
)
def test_what_the_server_says_for_good_is_not_tried_again(
    word: str, answer: str, refusal: type[Exception], settings: Settings
) -> None:
    with post_office() as office:
        office.answers[word] = answer
        with pytest.raises(refusal) as raised:
            send(office, settings, a_parcel())

    assert office.mails == []
    # The server's words may repeat the mail; those who read the jobs may not know of the record.
    assert answer[4:] not in str(raised.value)


@pytest.mark.usefixtures("_to_the_office")
@pytest.mark.parametrize("word", ["connect", "MAIL", "RCPT", "DATA"])
def test_a_broken_line_is_tried_again(word: str, settings: Settings) -> None:
    with post_office(lambda number, at: at == word) as office, pytest.raises(NotBrought):
        send(office, settings, a_parcel())

    assert office.mails == []


@pytest.mark.usefixtures("_to_the_office")
def test_nobody_there_is_tried_again(settings: Settings) -> None:
    with post_office() as office:
        pass

    with pytest.raises(NotBrought):
        send(office, settings, a_parcel())


@pytest.mark.usefixtures("_to_the_office")
def test_a_server_that_hangs_is_left(settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.EMAIL_PORT = listening.getsockname()[1]
        with pytest.raises(NotBrought):
            email.send(a_parcel())
