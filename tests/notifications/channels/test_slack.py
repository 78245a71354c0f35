"""A post calls nobody, and links to what it says that it links to."""

import json

import pytest

from incidents.models import Endpoint
from incidents.notifications.channels import slack
from incidents.notifications.channels.parcel import Gone, NotBrought, Parcel
from tests.notifications.channels.test_email import ADDRESS, a_line, a_parcel
from tests.notifications.receiver import Receiver


def for_room(receiver: Receiver, parcel: Parcel) -> Parcel:
    endpoint = Endpoint(name="#ops", channel="slack", url=receiver.url)
    return Parcel(parcel.uid, parcel.rhythm, parcel.made_at, parcel.lines, endpoint=endpoint)


def test_it_works(receiver: Receiver) -> None:
    line = a_line(before="", after=" was published", detail="For Ed")

    assert slack.send(for_room(receiver, a_parcel(line))) == "Sent, answered 200."

    posted = json.loads(receiver.heard[0].body)
    assert posted["text"] == f"<{ADDRESS}|INC-42 Orders time out> was published\nFor Ed"
    assert posted["unfurl_links"] is False
    assert receiver.heard[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "text",
    [
        "<!channel>",
        "<!here|here>",
        "<@U123>",
        "<https://evil.example|INC-43>",
        "&lt;!channel&gt;",
        "@channel",
        "@all @here",
        "[INC-43](https://evil.example)",
        "![x](https://evil.example/pixel.png)",
        "a|b>c",
        "*bold* _it_ ~no~ `code`",
    ],
)
def test_no_title_calls_or_leads_elsewhere(text: str) -> None:
    said = slack.text_of(a_parcel(a_line(title=text, before="", detail=text)))

    label = said.removeprefix(f"<{ADDRESS}|").partition(">")[0]
    # One link, ours; and nothing that Slack or Mattermost would make something of.
    assert said.count("<") == 1
    assert said.count(">") == 1
    assert "|" not in label.replace("|\u200b", "")
    for sign in ("@c", "@a", "@h", "](", "!["):
        assert sign not in said
    assert "&lt;!channel" not in said


def test_an_address_that_is_no_more_is_gone(receiver: Receiver) -> None:
    for status in (404, 410):
        receiver.answers.append((status, {}))
        with pytest.raises(Gone):
            slack.send(for_room(receiver, a_parcel()))


def test_another_refusal_is_tried_again(receiver: Receiver) -> None:
    receiver.answers.append((500, {}))

    with pytest.raises(NotBrought):
        slack.send(for_room(receiver, a_parcel()))
