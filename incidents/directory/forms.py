"""The forms of services, teams and people."""

from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.access.choices import offer_people
from incidents.history.forms import NewRecordForm, RecordForm
from incidents.lib.links import UnreadableLinks, read_links
from incidents.lib.zones import ZONE_NAMES, NoSuchZone, zone_named
from incidents.models import Language, Service, Team, User

ADDRESS_HELP = gettext_lazy("What stands in the address: small letters, digits and hyphens.")
MADE_FROM_NAME = gettext_lazy(
    "What stands in the address: small letters, digits and hyphens. Empty: made from the name."
)
SLUG_LABEL = {"slug": gettext_lazy("Address")}

SERVICE_FIELDS = ["name", "slug", "description", "links", "team"]
TEAM_FIELDS = ["name", "slug", "description", "members"]
PERSON_FIELDS = ["first_name", "last_name", "email", "role"]
LINKS_HELP = gettext_lazy(
    "Where to look when it breaks: dashboards, logs, the chat. One on a line, such "
    "as “Error rate https://grafana.example/d/1”. Its runbooks show them."
)
LINKS_WIDGET = {"links": forms.Textarea(attrs={"rows": 4})}
# In an address, "." and ".." are other pages, and `/people/new/` is the form of a new account.
USERNAME = RegexValidator(
    r"^(?!new$)[A-Za-z0-9_][A-Za-z0-9_.@+-]*$",
    gettext_lazy(
        "Latin letters, digits and . @ + - _, beginning with a letter or digit; not “new”."
    ),
)
MEMBERS_HELP = gettext_lazy("Members see the restricted incidents that name this team.")


class WithLinks(RecordForm):
    """Says beside the field what the operation would refuse."""

    def clean_links(self) -> str:
        text = str(self.cleaned_data["links"])
        try:
            read_links(text)
        except UnreadableLinks as refused:
            raise forms.ValidationError(refused.sentences) from refused
        return text


class ServiceForm(WithLinks):
    class Meta:
        model = Service
        fields = [*SERVICE_FIELDS, "state"]
        labels = SLUG_LABEL
        help_texts = {"slug": ADDRESS_HELP, "links": LINKS_HELP}
        widgets = LINKS_WIDGET


class NewServiceForm(WithLinks, NewRecordForm):
    class Meta:
        model = Service
        fields = SERVICE_FIELDS
        labels = SLUG_LABEL
        help_texts = {"slug": MADE_FROM_NAME, "links": LINKS_HELP}
        widgets = LINKS_WIDGET

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False


class TeamForm(RecordForm):
    class Meta:
        model = Team
        fields = TEAM_FIELDS
        labels = SLUG_LABEL
        help_texts = {"slug": ADDRESS_HELP, "members": MEMBERS_HELP}
        widgets = {"members": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = User.objects.filter(teams=self.instance.pk).values_list("pk", flat=True)
        offer_people(self.fields["members"], also=members)


class NewTeamForm(NewRecordForm):
    class Meta:
        model = Team
        fields = TEAM_FIELDS
        labels = SLUG_LABEL
        help_texts = {"slug": MADE_FROM_NAME, "members": MEMBERS_HELP}
        widgets = {"members": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        offer_people(self.fields["members"])


class PersonForm(RecordForm):
    class Meta:
        model = User
        fields = PERSON_FIELDS
        labels = {"email": gettext_lazy("E-mail address")}


class NewPersonForm(NewRecordForm):
    class Meta:
        model = User
        fields = ["username", *PERSON_FIELDS]
        labels = {"email": gettext_lazy("E-mail address")}
        help_texts = {"username": gettext_lazy("To sign in with, and in addresses. It stays.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].validators = [USERNAME]


class ProfileForm(RecordForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "time_zone", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [(name, name.replace("_", " ")) for name in ZONE_NAMES]
        self.fields["time_zone"].widget = forms.Select(choices=zones)
        choice = cast(forms.TypedChoiceField, self.fields["language"])
        choice.choices = [("", _("As the browser asks")), *Language.choices]

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"]
        try:
            zone_named(name)
        except NoSuchZone as unknown:
            raise forms.ValidationError(str(unknown)) from unknown
        return name
