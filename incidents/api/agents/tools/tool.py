"""What the file of each tool has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from django.forms import BaseForm
from pydantic import AfterValidator, BaseModel, ConfigDict


class CannotDo(Exception):
    """The message tells the agent what is wrong, and what would help."""


class Told(NamedTuple):
    """An answer as data of the tool's schema, and as text to read."""

    data: dict[str, Any]
    text: str


class Arguments(BaseModel):
    """Nothing is guessed: a name that is not known, or a value of another type, is refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


def without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("A text cannot hold the character NUL.")
    return text


Text = Annotated[str, AfterValidator(without_nul)]


@dataclass(frozen=True)
class Tool:
    """`call` takes the arguments, `user=` and `at=`, and raises `CannotDo`.

    `gives` makes the JSON Schema of the data when it is first asked for.
    """

    name: str
    title: str
    about: str
    takes: type[Arguments]
    gives: Callable[[], dict[str, Any]]
    call: Callable[..., Told]
    writes: bool = False


def refuse_what_does_not_fit(form: BaseForm, names: dict[str, str]) -> None:
    """Raises `CannotDo` with what the form says; `names` are those of arguments, by field."""
    if form.is_valid():
        return
    told = [
        f"{names.get(field, field)}: {' '.join(map(str, sentences))}"
        if field != "__all__"
        else " ".join(map(str, sentences))
        for field, sentences in form.errors.items()
    ]
    raise CannotDo("\n".join(told))
