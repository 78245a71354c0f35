"""People, their teams, and the services that teams run."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import validate_slug
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from incidents.lib.links import Link, readable_links
from incidents.lib.zones import zone_named
from incidents.models.editable import LONG, Editable, filled, one_of


class Role(models.TextChoices):
    READER = "reader", gettext_lazy("reader")
    EDITOR = "editor", gettext_lazy("editor")
    ADMIN = "admin", gettext_lazy("admin")


class Scope(models.TextChoices):
    """What a token may do at most; each may also do what those before it may."""

    READ = "read", pgettext_lazy("token", "read")
    WRITE = "write", gettext_lazy("read and write")
    ADMIN = "admin", gettext_lazy("all that an administrator does")


class Reach(models.TextChoices):
    OWN = "own", gettext_lazy("incidents that I own")
    ALL = "all", gettext_lazy("all that I may see")


class Language(models.TextChoices):
    """Each by its own name, so that who reads no other finds it."""

    ENGLISH = "en", "English"
    GERMAN = "de", "Deutsch"


class PeopleManager(UserManager["User"]):
    use_in_migrations = False

    def create_superuser(
        self,
        username: str,
        email: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> "User":
        """What `createsuperuser` makes is an administrator: the role decides here, no flag does."""
        more.setdefault("role", Role.ADMIN)
        return super().create_superuser(username, email, password, **more)


class User(AbstractUser):
    """A person who signs in. What the role allows is decided in `incidents.access`."""

    TRACKED: ClassVar[tuple[str, ...]] = (
        "username",
        "first_name",
        "last_name",
        "email",
        "role",
        "time_zone",
        "language",
        "is_active",
    )
    PROSE: ClassVar[tuple[str, ...]] = ()

    role = models.CharField(max_length=20, choices=Role, default=Role.READER)
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(
        max_length=10, choices=Language, blank=True, default="", db_default=""
    )
    """Empty: what the browser asks for, and in mails the site's own."""
    version = models.PositiveIntegerField(default=1, editable=False)

    scope: Scope = Scope.ADMIN
    reach: Reach = Reach.ALL
    """Not kept: how far whoever acts for this person now may go. A token narrows both."""

    objects: ClassVar[PeopleManager] = PeopleManager()

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined,misc]  # Django's own Meta is untyped
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                name="incidents_user_role_is_a_choice",
                condition=models.Q(role__in=Role.values),
            ),
            models.CheckConstraint(
                name="incidents_user_language_is_a_choice",
                condition=models.Q(language__in=["", *Language.values]),
            ),
        ]

    @property
    def name(self) -> str:
        return self.get_full_name() or self.username

    @property
    def reads(self) -> str:
        """The language of what is written for them while no browser of theirs asks."""
        return self.language or settings.LANGUAGE_CODE

    def get_absolute_url(self) -> str:
        return reverse("directory:person", args=[self.username])

    def date_at(self, moment: datetime) -> date:
        """The day that it is at this moment where the person is."""
        return moment.astimezone(zone_named(self.time_zone)).date()


class Team(Editable):
    TRACKED = ("name", "slug", "description", "members")
    PROSE = ("description",)

    name = models.CharField(max_length=LONG)
    slug = models.CharField(max_length=80, unique=True, validators=[validate_slug])
    description = models.TextField(blank=True)
    description_html = models.TextField(blank=True, editable=False)
    members = models.ManyToManyField(User, related_name="teams", blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [filled("name"), filled("slug")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:team", args=[self.slug])


class ServiceState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("service", "running")
    RETIRED = "retired", gettext_lazy("retired")


class Service(Editable):
    """A system that can break."""

    TRACKED = ("name", "slug", "description", "links", "team", "state")
    PROSE = ("description",)

    name = models.CharField(max_length=LONG)
    slug = models.CharField(max_length=80, unique=True, validators=[validate_slug])
    description = models.TextField(blank=True)
    description_html = models.TextField(blank=True, editable=False)
    links = models.TextField(
        blank=True,
        help_text=gettext_lazy(
            "Dashboards, logs, the chat: one on a line, what it is and its address."
        ),
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="services", null=True, blank=True
    )
    state = models.CharField(max_length=20, choices=ServiceState, default=ServiceState.RUNNING)

    class Meta:
        ordering = ["name", "id"]
        constraints = [filled("name"), filled("slug"), one_of("state", ServiceState)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:service", args=[self.slug])

    @property
    def link_list(self) -> list[Link]:
        return readable_links(self.links)
