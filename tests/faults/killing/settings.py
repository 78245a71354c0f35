"""The site's own settings, with work that only these tests have."""

from postmortems.settings import *  # noqa: F403
from postmortems.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.killing.apps.KillingConfig"]
