"""The form of a record that people edit: it carries the version that it was filled in from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxLengthValidator
from django.forms.utils import pretty_name
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from incidents.history.operations import EditConflict
from incidents.lib.choices import name_no_choice
from incidents.lib.line_ends import with_plain_line_ends
from incidents.lib.markdown import MAXIMUM_LENGTH
from incidents.lib.word_diff import Piece, compare_words
from incidents.lib.words.fields import shown_name
from incidents.models import Editable, User

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Editable]
else:
    ModelForm = forms.ModelForm


NOTHING_CHOSEN = {"owner": gettext_lazy("nobody yet"), "team": gettext_lazy("no team")}
"""What it means to choose nothing, by field; elsewhere `NONE`, or `CHOOSE` where it is required."""
NONE = gettext_lazy("none")
CHOOSE = gettext_lazy("choose one")


@dataclass(frozen=True)
class BothTexts:
    """One field that two people changed: as saved, as wanted, and word by word."""

    name: str
    label: str
    saved: str
    wanted: str
    pieces: list[Piece]


class RecordForm(ModelForm):
    """Checks shape only and never saves: a view hands `values` to an operation.

    `version` is the version that the form was filled in from. After `show_conflict` the form holds
    the person's own texts and the version of the saved ones beside them, so that sending it again
    is a choice made with both in sight: one's own text, or for the fields named in `keep_saved`
    the saved one. `user` is who fills it in, for forms whose choices depend on what one may see.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.conflicts: list[BothTexts] = []
        self.fields["version"].initial = self.instance.version
        for name in self.instance.PROSE:
            if name in self.fields:
                # A validator and not `max_length`, with which a browser cuts what is pasted.
                self.fields[name].validators.append(MaxLengthValidator(MAXIMUM_LENGTH))
        for name, field in self.fields.items():
            name_field(name, field)
            name_no_choice(field, str(CHOOSE if field.required else NOTHING_CHOSEN.get(name, NONE)))

    @property
    def reader(self) -> User | AnonymousUser:
        """Who fills it in, for `visible_to`: nobody where the view did not say."""
        return self.user or AnonymousUser()

    @property
    def values(self) -> dict[str, Any]:
        """What the person wants written, by field."""
        left = {"version"}
        if isinstance(self.data, QueryDict):
            left.update(self.data.getlist("keep_saved"))
        return {name: value for name, value in self.cleaned_data.items() if name not in left}

    @property
    def seen_version(self) -> int:
        return int(self.cleaned_data.get("version") or self.instance.version)

    def show_conflict(self, conflict: EditConflict) -> None:
        """Put the saved text beside the wanted one for every field that both changed.

        What only the other changed comes into the form as it was saved; what only this person
        changed stays. A field that is not the row's own, such as a time in words, is shown
        wherever the two differ: who changed it is not known.
        """
        saved_form = type(self)(instance=conflict.current, user=self.user)
        data = cast(QueryDict, self.data).copy()
        for name in self.fields:
            theirs = saved_form[name].value()
            saved, wanted = self.shown(name, theirs), self.shown(name, self[name].value())
            if name == "version" or saved == wanted:
                continue
            if name in conflict.fields or name not in conflict.wanted:
                label = str(self.fields[name].label or name)
                pieces = compare_words(saved, wanted)
                self.conflicts.append(BothTexts(name, label, saved, wanted, pieces))
            elif name not in conflict.mine:
                data.setlist(self.add_prefix(name), as_sent(theirs))
        data[self.add_prefix("version")] = str(getattr(conflict.current, "version", ""))
        self.data = data

    def shown(self, name: str, value: Any) -> str:
        """A field's value as a person reads it: labels of choices, one on a line for several."""
        field = self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            rows = field.queryset.filter(pk__in=[str(key) for key in value or []])  # type: ignore[union-attr]
            return "\n".join(str(row) for row in rows)
        if isinstance(field, forms.ModelChoiceField):
            row = field.queryset.filter(pk=value).first() if value else None  # type: ignore[union-attr]
            return str(row or "")
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value or ""))  # type: ignore[arg-type]
        return with_plain_line_ends(str(value if value is not None else ""))


def name_field(name: str, field: forms.Field) -> None:
    """A name that Django made of a column's is shown in the language of the moment."""
    label = pretty_name(name) if field.label is None else field.label
    if isinstance(label, str):
        field.label = shown_name(label)


def as_sent(value: Any) -> list[str]:
    """A field's value as a browser sends it."""
    values = value if isinstance(value, list | tuple) else [value]
    return [str(one) for one in values if one is not None]


class NewRecordForm(RecordForm):
    """The form of a record to be made; its token makes sending it twice harmless."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values.items() if name != "token"}
