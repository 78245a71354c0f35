"""The one app."""

from django.apps import AppConfig

from incidents.lib import converters


class IncidentsConfig(AppConfig):
    name = "incidents"
    verbose_name = "Postmortems"

    def ready(self) -> None:
        # Once for a process: a converter cannot be registered twice.
        converters.register()
