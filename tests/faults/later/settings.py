"""The site's own, with what comes later."""

import os

from tests.faults.served import *  # noqa: F403
from tests.faults.served import DATABASES, INSTALLED_APPS

INSTALLED_APPS += ["tests.faults.later"]
if os.environ.get("LATER_PLAIN"):
    # The control: tables are changed as Django does.
    DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
