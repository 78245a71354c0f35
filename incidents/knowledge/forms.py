"""The forms of what is known across incidents."""

from incidents.history.forms import NewRecordForm, RecordForm
from incidents.models import Factor

FACTOR_FIELDS = ["name", "slug", "category", "description"]


class FactorForm(RecordForm):
    class Meta:
        model = Factor
        fields = FACTOR_FIELDS


class NewFactorForm(NewRecordForm):
    class Meta:
        model = Factor
        fields = FACTOR_FIELDS
