"""The bill of materials names everything that runs, and nothing else."""

import json

from tests.bill import bill
from tests.locks import locked, pins

LOCK = "requirements.txt"


def test_it_names_every_pinned_package_with_its_hashes() -> None:
    made = json.loads(bill(LOCK))

    assert {row["name"]: row["version"] for row in made["components"]} == locked(LOCK)
    assert made["specVersion"] == "1.6"
    hashes = {
        row["name"]: {
            each["content"] for place in row["externalReferences"] for each in place["hashes"]
        }
        for row in made["components"]
    }
    assert hashes == {pin.name: set(pin.sha256) for pin in pins(LOCK)}
    assert all(hashes.values())


def test_it_says_who_wants_whom() -> None:
    made = json.loads(bill(LOCK))
    wants = {row["ref"]: set(row.get("dependsOn", [])) for row in made["dependencies"]}
    versions = locked(LOCK)

    assert f"django@{versions['django']}" in wants["postmortems"]
    assert f"asgiref@{versions['asgiref']}" in wants[f"django@{versions['django']}"]
    # Nobody is there whom nobody wants.
    assert {ref for refs in wants.values() for ref in refs} == wants.keys() - {"postmortems"}


def test_the_same_lock_gives_the_same_bill() -> None:
    assert bill(LOCK) == bill(LOCK)
