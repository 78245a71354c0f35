"""The table of how keys are made."""

import random
import re

import pytest

from incidents.lib.key_shapes import KEYS, Run, Shape, built, shapes
from incidents.lib.secret_values import masked, secret_in

EACH = [(kind, shape) for kind, keys in KEYS.items() for shape in keys]
FEWEST = 100
MOST_SIGNS = 5000


def example(shape: Shape, *, longest: bool = False) -> str:
    draw = random.Random(0)
    return "".join(
        "".join(draw.choices(letters_of(piece), k=piece.high if longest else piece.low))
        if isinstance(piece, Run)
        else piece
        if isinstance(piece, str)
        else draw.choice(piece)
        for piece in shape
    )


def letters_of(run: Run) -> list[str]:
    return [sign for sign in map(chr, range(33, 127)) if re.match(f"[{run.of}]", sign)]


@pytest.mark.parametrize(("kind", "shape"), EACH)
@pytest.mark.parametrize("longest", [False, True])
def test_it_works(kind: str, shape: Shape, longest: bool) -> None:
    key = example(shape, longest=longest)

    assert re.fullmatch(shapes()[kind], key)
    assert key not in masked(f"It was {key} before.")


@pytest.mark.parametrize(
    "shape", [one for _, one in EACH if isinstance(one[-1], Run) and one[-1].low == one[-1].high]
)
def test_what_has_one_length_is_not_found_in_what_is_longer(shape: Shape) -> None:
    assert re.match(built(shape), example(shape))
    assert not re.match(built(shape), example(shape) + "a")


def test_every_run_has_an_end_and_its_case() -> None:
    runs = [piece for _, shape in EACH for piece in shape if isinstance(piece, Run)]

    assert all(0 < one.low <= one.high <= MOST_SIGNS for one in runs)
    assert not any("(?" in expression.replace("(?:", "").replace("(?!", "").replace("(?<!", "")
                   for expression in shapes().values())  # fmt: skip
    assert len(EACH) > FEWEST


HEX = "0123456789abcdef"


@pytest.mark.parametrize("length", [32, 40, 64])
@pytest.mark.parametrize("name", ["datadog", "SOURCEGRAPH", "circleci.key", "trello_app"])
def test_hexadecimal_digits_are_a_key_under_the_name_of_a_service(name: str, length: int) -> None:
    key = "".join(random.Random(1).choices(HEX, k=length))

    assert secret_in(f'{name} = "{key}"') == "a key under the name of its service"
    assert key not in masked(f"{name}: {key}")


@pytest.mark.parametrize(
    "text",
    [
        "{hex}",
        "datadog was at {hex} by then",
        "datadog_commit: {hex}",
        "sourcegraph.image.sha = {hex}",
        "circleci_revision={hex}",
        "trello_version: {hex}",
        "shop: {hex}",
    ],
)
def test_a_commit_stays_a_commit(text: str) -> None:
    commit = "".join(random.Random(2).choices(HEX, k=40))

    assert secret_in(text.format(hex=commit)) is None
