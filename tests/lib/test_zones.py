import pytest

from incidents.lib.zones import ZONE_NAMES, NoSuchZone, zone_named


def test_it_works():
    assert zone_named(" Europe/Berlin ").key == "Europe/Berlin"
    assert "UTC" in ZONE_NAMES
    assert list(ZONE_NAMES) == sorted(ZONE_NAMES)


def test_every_listed_zone_can_be_loaded():
    assert [zone_named(name).key for name in ZONE_NAMES] == list(ZONE_NAMES)


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("Europe/Berln", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_a_name_that_is_near_is_proposed(name, proposed):
    with pytest.raises(NoSuchZone, match=proposed):
        zone_named(name)


@pytest.mark.parametrize("name", ["", "Mars/Olympus_Mons", "\0", "zzzzzz"])
def test_without_a_near_one_the_form_is_shown(name):
    with pytest.raises(NoSuchZone, match="Write it like Europe/Berlin"):
        zone_named(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "Factory", "posix/UTC"])
def test_nothing_but_a_listed_name_is_loaded(name):
    with pytest.raises(NoSuchZone):
        zone_named(name)


def test_a_huge_name_gets_a_short_answer():
    with pytest.raises(NoSuchZone) as caught:
        zone_named("x" * 1_000_000)
    assert len(str(caught.value)) < 200
