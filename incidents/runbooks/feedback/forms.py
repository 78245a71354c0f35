"""A note to what somebody said of a runbook."""

from django import forms
from django.utils.translation import gettext_lazy

from incidents.models import LONGEST_NOTE


class NoteForm(forms.Form):
    note = forms.CharField(required=False, max_length=LONGEST_NOTE, label=gettext_lazy("Note"))
