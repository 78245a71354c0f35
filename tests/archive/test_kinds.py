"""What the folders of records are called."""

import pytest

from incidents.archive.kinds import ATTACHED, KINDS, Kind, content_name

BY_FOLDER = {kind.folder: kind for kind in KINDS}


def kind(folder: str) -> Kind:
    return BY_FOLDER[folder]


@pytest.mark.parametrize(
    ("folder", "values", "name"),
    [
        ("incidents", {}, "INC-7"),
        ("lessons", {}, "LES-7"),
        ("action-items", {}, "ACT-7"),
        ("runbooks", {"slug": "pool-is-empty"}, "pool-is-empty"),
        ("people", {"username": "mara.lind"}, "mara.lind"),
        (
            "knobs",
            {"component": "unicorn", "key": "worker/processes"},
            "unicorn-worker-processes~7",
        ),
        ("reviews", {"start_date": "2026-01-01", "end_date": "2026-04-01"}, "2026q1~7"),
        (
            "reviews",
            {"start_date": "2026-01-01", "end_date": "2026-01-15", "team": "payments"},
            "2026-01-01-2026-01-14-payments~7",
        ),
    ],
)
def test_it_works(folder: str, values: dict[str, str], name: str) -> None:
    assert kind(folder).called({"id": 7, **values}) == name


@pytest.mark.parametrize(
    ("username", "name"),
    [
        # Some systems have one folder for both spellings,
        ("Mara", "mara~7"),
        # … take a name for a device,
        ("con", "con~7"),
        ("nul.x", "nulx~7"),
        # … drop a dot at the end,
        ("mara.", "mara~7"),
        # … or write letters in two ways.
        ("mára", "mara~7"),
        ("マラ", "record~7"),
        # It leads nowhere.
        ("../../etc/passwd", "etc-passwd~7"),
        ("..", "record~7"),
        (".git", "git~7"),
        ("-rf", "rf~7"),
        ("a" * 150, "a" * 100 + "~7"),
        ("a\nb", "a-b~7"),
        ("", "record~7"),
    ],
)
def test_a_name_that_is_no_name_for_a_folder_is_told_apart_by_its_key(
    username: str, name: str
) -> None:
    assert kind("people").called({"id": 7, "username": username}) == name


def test_no_plain_name_is_one_with_a_key() -> None:
    assert kind("people").called({"id": 8, "username": "mara~7"}) == "mara7~8"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("p99-latency.png", "7-p99-latency.png"),
        ("../../etc/passwd", "7-etc-passwd"),
        ("/etc/passwd", "7-etc-passwd"),
        ("a b?.PNG", "7-a-b-.PNG"),
        ("ünsafe", "7-nsafe"),
        ("...", "7"),
        ("日本", "7"),
        ("con", "7-con"),
        (f"{'x' * 190}.log", f"7-{'x' * 96}.log"),
        ("a.", "7-a"),
    ],
)
def test_the_file_of_an_attachment_has_a_name_that_every_system_takes(
    name: str, called: str
) -> None:
    assert content_name({"id": 7, "name": name}) == called
    assert ATTACHED.fullmatch(called)
