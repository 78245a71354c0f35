"""Makes the kinds known to the workers that these tests start."""

import os
from datetime import timedelta
from importlib import import_module

from django.apps import AppConfig


class KillingConfig(AppConfig):
    name = "tests.faults.killing"
    label = "killing"

    def ready(self) -> None:
        import_module("tests.faults.killing.kinds")
        if os.environ.get("KILLING_NOTHING_IS_SWEPT"):
            # The control: nobody finds what was left behind.
            claims = import_module("incidents.jobs.claims")
            claims.LEASE = timedelta(days=1)
