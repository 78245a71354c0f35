"""What a web server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmortems.settings")
application = get_wsgi_application()

from incidents.checks import warn_at_start  # noqa: E402  (Django has to be set up before)

warn_at_start()
