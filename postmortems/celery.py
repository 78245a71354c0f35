"""What `celery -A postmortems` starts: workers that are told through a broker, and its beat."""

import os

import django
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmortems.settings")
# A worker has one connection; a pool's threads would not survive Celery's forks.
os.environ["DATABASE_POOL"] = "0"
# Celery makes them and tells nobody what they found; a worker that died is to be back soon.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
django.setup()

from django.conf import settings  # noqa: E402

from incidents.jobs.broker import celery_app  # noqa: E402

if not settings.BROKER_URL:
    raise ImproperlyConfigured("BROKER_URL is not set; without a broker, run `manage.py work`.")

app = celery_app()
