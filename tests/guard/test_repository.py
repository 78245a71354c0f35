import pytest

from incidents.guard.configuration import CannotRead
from incidents.guard.repository import Mapping, is_repository, repository


def test_it_works() -> None:
    found = repository("postmortems.toml", b'[[files]]\nglob = "*.conf"\nformat = "ini"\n')

    assert found.of("a/b.conf") == Mapping("*.conf", format="ini")
    assert found.of("a/b.yml") == Mapping()


def test_it_is_known_by_its_name() -> None:
    assert is_repository("a/postmortems.toml")
    assert not is_repository("a/my-postmortems.toml")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a = 1\n[", "postmortems.toml:2: It is not TOML: "),
        ("\nenviroment = 'x'", "postmortems.toml:2: “enviroment” is none of: environment, "),
        ("[values]\na = 1", "postmortems.toml:2: “values.a” is none of: "),
        ("environment = 5", "postmortems.toml:1: “environment” has to be a text."),
        (
            "[[files]]\ncomponent = 'a'",
            "postmortems.toml: The table [[files]] number 1 has no glob.",
        ),
        ("[[files]]\nglob = 5", "postmortems.toml:2: “files.0.glob” has to be a text."),
        ("[[files]]\nglobe = 'a'", "postmortems.toml:2: “globe” is none of component, "),
        ("[[files]]\nglob = 'a'\nformat = 'b'", "postmortems.toml:3: “b” is none of the formats"),
    ],
)
def test_a_slip_is_refused(text: str, why: str) -> None:
    with pytest.raises(CannotRead) as refused:
        repository("postmortems.toml", text.encode())

    assert str(refused.value).startswith(why)
