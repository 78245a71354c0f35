"""The one app."""

from importlib import import_module

from django.apps import AppConfig

from incidents.lib import converters


class IncidentsConfig(AppConfig):
    name = "incidents"
    verbose_name = "Postmortems"

    def ready(self) -> None:
        # Once for a process: a converter cannot be registered twice.
        converters.register()
        # Fills the table of the kinds of work that there are.
        import_module("incidents.tasks")
        import_module("incidents.checks")
        for watching in ("incidents.access.noticed", "incidents.access.sessions"):
            import_module(watching).watch()
