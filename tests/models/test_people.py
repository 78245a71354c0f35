import pytest
from django.core.management import call_command

from incidents.access.permissions import may_administer
from incidents.models import Change, User


@pytest.mark.django_db(transaction=True)
def test_whom_createsuperuser_makes_administers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "not-said-to-anybody")

    call_command(
        "createsuperuser",
        username="first",
        email="first@example.com",
        interactive=False,
        verbosity=0,
    )

    first = User.objects.get()
    assert may_administer(first)
    assert first.check_password("not-said-to-anybody")
    assert Change.objects.get().document_id == first.pk


@pytest.mark.django_db
def test_others_begin_as_readers() -> None:
    assert User.objects.create_user("second").role == "reader"
