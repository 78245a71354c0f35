"""Accounts: who may see, make, change and close them."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.models import Change, User
from tests.factories import a_form, a_restricted_incident, a_team, a_user, an_action_item

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "seven purple elephants dance"


@pytest.fixture
def admin(client: Client) -> User:
    user = a_user("admin", username="root")
    client.force_login(user)
    return user


def new(**fields: object) -> dict[str, object]:
    return a_form(**{"username": "grace", "email": "grace@example.com", "role": "editor", **fields})


def edited(person: User, **fields: object) -> dict[str, object]:
    return {
        "version": person.version,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "role": person.role,
        **fields,
    }


def link_on(text: str) -> str:
    found = re.search(r'value="(http[^"]+/password/reset/[^"]+)"', text)
    assert found
    return urlsplit(found[1]).path


def test_it_works(client: Client, admin: User) -> None:
    answer = client.post("/people/new/", new(first_name="Grace"))

    assert answer.status_code == 200
    grace = User.objects.get(username="grace")
    assert (grace.role, grace.has_usable_password()) == ("editor", False)
    assert {change.by for change in Change.objects.all()} == {admin}
    assert "No mail is sent" in answer.content.decode()
    # The link lets its holder set a password, once.
    path, newcomer = link_on(answer.content.decode()), Client()
    form = newcomer.get(path, follow=True)
    words = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    newcomer.post(form.redirect_chain[-1][0], words)
    assert newcomer.login(username="grace", password=NEW_PASSWORD)
    again = Client().get(path, follow=True)
    assert again.context["token_fail"]


def test_a_form_sent_twice_makes_one_account(client: Client, admin: User) -> None:
    form = new()

    assert client.post("/people/new/", form).status_code == 200
    assert client.post("/people/new/", form)["Location"] == "/people/grace/"
    assert User.objects.filter(username="grace").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "new"),
        ("username", ".."),
        ("username", "a/b"),
        ("username", "ROOT"),
        ("username", ""),
        ("email", "Root@Example.com"),
        ("email", "nobody"),
        ("role", "owner"),
    ],
)
def test_bad_input_comes_back_beside_its_field(
    client: Client, admin: User, field: str, value: str
) -> None:
    answer = client.post("/people/new/", new(first_name="Kept", **{field: value}))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Kept" in answer.content.decode()
    assert User.objects.count() == 1


def test_a_role_is_given(client: Client, admin: User) -> None:
    person = a_user("reader")

    answer = client.post(f"/people/{person.username}/edit/", edited(person, role="editor"))

    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.role == "editor"
    change = Change.objects.get()
    assert (change.document_type, change.document_id) == ("user", person.pk)
    assert change.by == admin
    assert change.parts[0]["fields"] == {"role": ["reader", "editor"]}


def test_an_account_that_no_operation_made_has_a_history_of_its_roles(
    client: Client, admin: User
) -> None:
    """Until `seal_history` is run, those from before every account had its line."""
    person = a_user("reader")
    client.post(f"/people/{person.username}/edit/", edited(person, role="admin"))
    line = Change.objects.get()

    told = client.get(f"/history/user/{person.pk}/{line.pk}/")
    then = client.get(f"/history/user/{person.pk}/at/{line.pk}/")

    (row,) = [row for row, _ in told.context["changes"]]
    assert (row.did, [field.label for field in row.fields]) == ("changed", ["Role"])
    assert (row.fields[0].before, row.fields[0].after) == ("reader", "admin")
    assert then.status_code == 200


def test_the_last_administrator_stays_one(client: Client, admin: User) -> None:
    a_user("admin", is_active=False)

    answer = client.post("/people/root/edit/", edited(admin, role="reader"))
    assert answer.status_code == 422
    assert "role" in answer.context["form"].errors
    text = client.post("/people/root/deactivate/", follow=True).content.decode()
    assert "Somebody must be administrator" in text
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("admin", True)

    a_user("admin")
    client.post("/people/root/edit/", edited(admin, role="reader"))
    admin.refresh_from_db()
    assert admin.role == "reader"


def test_an_address_that_was_given_up_opens_nothing(client: Client, admin: User) -> None:
    person = a_user(email="old@example.com")
    EmailAddress.objects.create(user=person, email="old@example.com", primary=True)

    client.post(f"/people/{person.username}/edit/", edited(person, email="new@example.com"))

    assert not EmailAddress.objects.filter(email="old@example.com").exists()


def test_a_closed_account_is_signed_out_at_once(client: Client, admin: User) -> None:
    person, theirs = a_user(username="grace"), Client()
    theirs.force_login(person)
    assert theirs.get("/me/").status_code == 200

    client.post("/people/grace/deactivate/")

    assert theirs.get("/me/").status_code == 302
    assert client.post("/people/grace/password-link/").status_code == 302
    client.post("/people/grace/reactivate/")
    person.refresh_from_db()
    assert person.is_active
    assert [change.summary for change in Change.objects.all()] == [
        "Deactivated the account",
        "Reactivated the account",
    ]


def test_asking_for_a_link_is_in_the_history(client: Client, admin: User) -> None:
    person = a_user()

    answer = client.post(f"/people/{person.username}/password-link/")

    assert link_on(answer.content.decode())
    change = Change.objects.get()
    assert (change.document_id, change.by) == (person.pk, admin)
    assert "link" in change.summary


def test_the_list(client: Client, admin: User) -> None:
    a_user("reader", username="grace", first_name="Grace", last_name="Hopper")
    a_team(a_user(username="ada"), slug="core")
    a_user(username="left", is_active=False)

    def names(query: str) -> list[str]:
        return [one.username for one in client.get(f"/people/{query}").context["page"]]

    assert names("") == ["ada", "grace", "left", "root"]
    assert names("?q=hopper") == ["grace"]
    assert names("?role=reader") == ["grace"]
    assert names("?team=core") == ["ada"]
    assert names("?account=False") == ["left"]


def test_more_rows_are_not_more_queries(
    client: Client, admin: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (3, 27):
        for _ in range(number):
            a_team(a_user())
        with django_assert_max_num_queries(7):
            client.get("/people/")


@pytest.mark.parametrize("role", ["reader", "editor"])
def test_only_administrators_look_after_accounts(client: Client, role: str) -> None:
    me = a_user(role, username="grace")
    client.force_login(me)

    assert client.get("/people/").status_code == 403
    assert client.post("/people/new/", new(username="other")).status_code == 403
    assert client.post("/people/grace/edit/", edited(me, role="admin")).status_code == 403
    for step in ("deactivate", "reactivate", "password-link"):
        assert client.post(f"/people/grace/{step}/").status_code == 403
    me.refresh_from_db()
    assert me.role == role


@pytest.mark.parametrize("step", ["deactivate", "reactivate", "password-link"])
def test_nothing_is_saved_by_looking(client: Client, admin: User, step: str) -> None:
    assert client.get(f"/people/root/{step}/").status_code == 405


def test_the_page_of_a_person_shows_what_the_reader_may_see(client: Client) -> None:
    grace = a_user(username="grace", email="grace@example.com")
    a_team(grace, name="Core")
    an_action_item(title="Open to all", owner=grace)
    an_action_item(title="The secret thing", owner=grace, incident=a_restricted_incident(grace))

    client.force_login(a_user("reader"))
    text = client.get("/people/grace/").content.decode()

    assert "Core" in text
    assert "Open to all" in text
    # Addresses are for administrators.
    for part in ("secret", "grace@example.com", "Deactivate"):
        assert part not in text
    client.force_login(grace)
    assert "The secret thing" in client.get("/people/grace/").content.decode()
