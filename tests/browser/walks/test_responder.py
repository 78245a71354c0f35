"""The responder, at three in the morning: from an alert's link to the step that helps."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from incidents.lookup.operations import keep_findable
from incidents.models import User
from tests.browser.conftest import DESK, PHONE, OpenAs
from tests.browser.own_server import OwnServer, sign_in
from tests.browser.walks.walker import Cost, Told, Walker, tell
from tests.factories import (
    NOW,
    a_delta,
    a_knob,
    a_runbook,
    a_runbook_use,
    a_service,
    a_user,
    an_incident,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.server_goes,
    pytest.mark.timeout(400),
]
ALERT = "/lookup/?alertname=CheckoutErrorRate&service=checkout&severity=critical"
TITLE = "Checkout refuses cards"
STEPS = """\
<p>Cards are refused while invoices go through: the payment worker holds its connections.</p>
<ol>
<li><p>Look how many connections are in use.</p>
<pre tabindex="0"><code>kubectl exec deploy/payment-worker -- pool status</code></pre></li>
<li><p>All in use: raise the pool on one node, and wait for a minute.</p>
<pre tabindex="0"><code>kubectl set env deploy/payment-worker DB_POOL=20</code></pre></li>
<li><p>The queue falls: raise it everywhere. Does it not, call the team of the database.</p></li>
<li><p>Tell support, and set the status page.</p></li>
</ol>
"""
HANDS = pytest.mark.parametrize("hand", ["keys", "mouse", "touch"])


@pytest.fixture
def responder(transactional_db: None) -> User:
    checkout = a_service(name="Checkout", slug="checkout")
    runbook = a_runbook(
        title=TITLE,
        slug="checkout-refuses-cards",
        summary="Every card gets a 502 and invoices go through.",
        alerts='alertname="CheckoutErrorRate", service="checkout"',
        body_html=STEPS,
        last_verified_date=NOW.date(),
    )
    runbook.services.set([checkout])
    other = a_runbook(
        title="Checkout is slow", slug="slow", alerts="CheckoutLatency", body_html=STEPS
    )
    other.services.set([checkout])
    knob = a_knob(component="payment-worker", key="db.pool")
    incidents = []
    for number, title in enumerate(
        ("Checkout refused every card for 52 minutes", "CheckoutErrorRate after the summer sale")
    ):
        incident = an_incident(
            title=title,
            summary="The payment worker held all its connections, and no card was accepted.",
            state="published",
            published_at=NOW,
            began_at=NOW - timedelta(days=30 * (number + 1)),
            began_precision="minute",
            mitigated_at=NOW - timedelta(days=30 * (number + 1), minutes=-35),
            mitigated_precision="minute",
        )
        incident.services.set([checkout])
        a_delta(incident, knob=knob, before="20", after="10", part="contributed")
        a_delta(incident, knob=knob, before="10", after="20", part="fixed")
        a_runbook_use(incident, runbook=runbook)
        incidents.append(incident)
    keep_findable(runbook, other, *incidents)
    return a_user("reader", username="rita", first_name="Rita")


def a_walker(page: Page, cost: Cost, hand: str) -> Walker:
    return Walker(page, cost, hand, looks=hand == "touch")


@HANDS
def test_from_an_alert_to_the_step_and_to_what_was_turned(
    hand: str, responder: User, open_as: OpenAs, record_property: Told
) -> None:
    size = PHONE if hand == "touch" else DESK
    page = open_as(responder, size=size, has_touch=hand == "touch")
    cost = Cost(f"The responder, to the step, by {hand}")
    walker = a_walker(page, cost, hand)
    to_the_step(walker)
    tell(record_property, cost)

    turned = Cost(f"The responder, to what was turned last time, by {hand}")
    again = a_walker(page, turned, hand)
    to_what_was_turned(again)
    tell(record_property, turned)

    assert walker.found + again.found == []
    assert (cost.keystrokes, cost.clicks) == ((1, 0) if hand == "keys" else (0, 1))
    if hand == "keys":
        assert turned.keystrokes <= 20
    else:
        assert turned.clicks <= 2


def to_the_step(walker: Walker, address: str = ALERT) -> None:
    page = walker.page
    walker.go(address)
    best = page.locator(".answer-best")
    expect(best).to_contain_text("exact alert match")
    go = best.get_by_role("link", name="Go through it")
    is_phone = walker.hand == "touch" and address == ALERT
    walker.step("alert", then=go, picture="responder-alert" if is_phone else "")
    walker.use(go, key="s")
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.get_by_text("Look how many connections are in use.")).to_be_visible()
    # It stays at the foot of the window.
    on = page.get_by_role("button", name="Next")
    walker.step("step", then=on, picture="responder-step" if is_phone else "")


def to_what_was_turned(walker: Walker) -> None:
    page = walker.page
    walker.go(ALERT)
    last_time = page.get_by_role("link", name="What was turned last time")
    walker.step("alert", then=last_time)
    walker.use(last_time)
    past = page.locator("#beside").get_by_role("link", name="All that was turned").first
    expect(past).to_be_visible()
    walker.step(
        "last-time", then=past, picture="responder-last-time" if walker.hand == "touch" else ""
    )
    walker.use(past)
    expect(page).to_have_url(re.compile(r"/incidents/INC-\d+/#deltas$"))
    turned = page.locator("#deltas li").filter(has_text="fixed")
    expect(turned).to_contain_text("db.pool")
    walker.step("turned", then=turned)


def test_the_same_step_while_the_server_is_gone(
    responder: User, server: OwnServer, open_as: OpenAs, record_property: Told
) -> None:
    page = open_as(None, size=PHONE, has_touch=True)
    keep_runbooks(page, server, responder)
    server.stop()
    cost = Cost("The responder, to the step without the server, by touch")
    walker = a_walker(page, cost, "touch")
    to_the_step(walker, server.url + ALERT)
    expect(page.locator("#copy-age")).to_contain_text("cannot be reached")
    tell(record_property, cost)
    assert walker.found == []
    assert cost.clicks == 1


def test_what_was_turned_while_the_server_is_gone(
    responder: User, server: OwnServer, open_as: OpenAs, record_property: Told
) -> None:
    page = open_as(None, size=PHONE, has_touch=True)
    keep_runbooks(page, server, responder)
    server.stop()
    cost = Cost("The responder, to what was turned without the server, by touch")
    walker = a_walker(page, cost, "touch")
    walker.go(server.url + ALERT)
    best = page.locator(".answer-best")
    last_time = best.get_by_text("What was turned last time")
    walker.step("alert", then=last_time)
    walker.use(last_time)
    turned = best.locator(".turned li").first
    expect(turned).to_have_text(re.compile(r"fixed: payment-worker db\.pool from 10 → to\s+20"))
    walker.step("turned", then=turned, picture="responder-turned-offline")
    expect(best).to_contain_text("Checkout refused every card for 52 minutes")
    expect(page.locator("#copy-age")).to_contain_text("cannot be reached")
    tell(record_property, cost)
    assert walker.found == []
    assert cost.clicks <= 2


def keep_runbooks(page: Page, server: OwnServer, user: User) -> None:
    sign_in(page, server, user)
    page.goto(f"{server.url}/runbooks/offline/")
    page.get_by_role("button", name="Keep the runbooks on this device").tap()
    expect(page.locator("#offline-said")).to_have_text(re.compile("^Kept"))
