"""Every setting of the site. Values come from the environment; see `docs/configure.md`."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from postmortems import interface, logs, passwords, static_files
from postmortems.environment import Environment, secret_from
from postmortems.signing_in import *  # noqa: F403
from postmortems.workers import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
environment = Environment()

VAR_DIR = environment.folder("VAR_DIR", BASE_DIR / "var")
DEBUG = environment.flag("DEBUG", default=False)
# None where the environment has the key.
SECRET_KEY_FILE = None if environment.text("SECRET_KEY", "") else VAR_DIR / "secret-key"
SECRET_KEY = environment.text("SECRET_KEY", "") or secret_from(VAR_DIR / "secret-key")
# What lines of history are sealed by.
HISTORY_KEY = environment.text("HISTORY_KEY", "") or SECRET_KEY
# The address by which people reach the site: links in messages, and what a proxy may forward.
SITE_URL = environment.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS", "")

# -- What it is made of --------------------------------------------------------------------------

INSTALLED_APPS = [
    "incidents.apps.IncidentsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "heroicons",
    "rest_framework",
]
MIDDLEWARE = [
    # First, so that it hears of every answer.
    "incidents.health.middleware.RequestMiddleware",
    "incidents.access.middleware.HeadersMiddleware",
    # Before all that writes into a page.
    "incidents.access.middleware.CompressedPagesMiddleware",
    "incidents.access.language.LanguageMiddleware",
    # Before all that refuses.
    "incidents.api.problems.ProblemsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every view asks for a signed-in person unless it says otherwise.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "incidents.access.middleware.OnlyTakesMiddleware",
    "incidents.access.middleware.SigningOutMiddleware",
]
ROOT_URLCONF = "postmortems.urls"
WSGI_APPLICATION = "postmortems.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": interface.TEMPLATES,
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The first choice of a filter that takes none or one.
FILTERS_EMPTY_CHOICE_LABEL = interface.ANY

# -- Data ----------------------------------------------------------------------------------------

SQLITE_OPTIONS = {
    # Measured: without IMMEDIATE up to 9 of 10 transactions that read before they write fail under
    # load; with it, WAL and this timeout none did. FULL: what was answered survives a power cut.
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;"
        "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728;"
        # What the log grew to beside a reader that did not end is given back after it.
        "PRAGMA journal_size_limit=16777216;"
    ),
}
PGBOUNCER = environment.flag("PGBOUNCER", default=False)
# What runs, on all machines together: told so that the sum of its connections can be checked.
WEB_PROCESSES = environment.whole_number("WEB_PROCESSES", 1, least=0, most=10_000)
WEB_THREADS = environment.whole_number("WEB_THREADS", 16, least=1, most=10_000)
# Of each process: as many again wait, and the others are told to come again.
REQUESTS_AT_ONCE = environment.whole_number("REQUESTS_AT_ONCE", 4, least=0, most=1000)
LIGHT_WORKERS = environment.whole_number("LIGHT_WORKERS", 1, least=0, most=10_000)
HEAVY_WORKERS = environment.whole_number("HEAVY_WORKERS", 1, least=0, most=10_000)
# Within which PostgreSQL answers a request; 0 is no end.
REQUEST_SECONDS = environment.whole_number("REQUEST_SECONDS", 30, least=0, most=3600)


def limits() -> str:
    """For those who answer requests: workers and migrations may take their time."""
    if not (REQUEST_SECONDS and os.environ.get("ANSWERS_REQUESTS")):
        return ""
    lock = max(1, REQUEST_SECONDS // 3)
    return f" -c statement_timeout={REQUEST_SECONDS}s -c lock_timeout={lock}s"


def database(url: str) -> dict[str, Any]:
    """Django's settings for a database address: SQLite with write-ahead log, or PostgreSQL.

    Raises `ImproperlyConfigured` for any other kind.
    """
    try:
        settings: dict[str, Any] = dict(dj_database_url.parse(url))
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(
            "DATABASE_URL could not be read; it looks like postgresql://user:password@host/name"
            " or sqlite:////path/to/file."
        ) from error
    engine = settings["ENGINE"]
    if engine == "django.db.backends.sqlite3":
        settings["OPTIONS"] = {**SQLITE_OPTIONS, **settings.get("OPTIONS", {})}
        settings["CONN_MAX_AGE"] = None
    elif engine == "django.db.backends.postgresql":
        most = environment.whole_number("DATABASE_POOL", 8, least=0, most=1000)
        settings["ENGINE"] = "incidents.lib.postgresql"
        options = settings.setdefault("OPTIONS", {})
        # Seconds, for a machine that does not say no either.
        options.setdefault("connect_timeout", 3)
        if most:
            options["pool"] = {"min_size": min(2, most), "max_size": most, "timeout": 5}
            settings["CONN_MAX_AGE"] = 0
        pgbouncer = environment.flag("PGBOUNCER", default=False)
        if not pgbouncer:
            # Of a query that is thought to be costly, half the time went into compiling it: 471 of
            # 1,103 ms of a filter's choices beside 100,000 incidents. PgBouncer takes no such wish.
            options.setdefault("options", f"-c jit=off{limits()}")
        # PgBouncer in transaction mode hands the next query to another server process.
        settings["DISABLE_SERVER_SIDE_CURSORS"] = PGBOUNCER
    else:
        raise ImproperlyConfigured("DATABASE_URL names neither postgresql:// nor sqlite://.")
    return settings


DATABASES = {
    "default": database(environment.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'site.sqlite3'}"))
}
# Counters of failed sign-ins have to be one for all processes, and to survive a restart.
CACHES = {
    "default": {
        "BACKEND": "incidents.lib.counters.Counters",
        "LOCATION": "site_cache",
    }
}

# -- People --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "incidents.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = passwords.VALIDATORS
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
SIGNUP_OPEN = environment.flag("SIGNUP_OPEN", default=False)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"] if environment.flag("MFA", default=False) else []
OIDC_SERVER_URL = environment.text("OIDC_SERVER_URL", "")
# Who may come in by the provider: addresses of these domains; empty, everybody it lets through.
OIDC_DOMAINS = environment.words("OIDC_DOMAINS", "")
SOCIALACCOUNT_ONLY = environment.flag("OIDC_ONLY", default=False)
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": environment.text("OIDC_NAME", "Single sign-on"),
                "client_id": environment.text("OIDC_CLIENT_ID", ""),
                "secret": environment.text("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ],
    }
    # Whoever names a provider trusts it to know its people's addresses.
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
    SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True

# -- What is sent --------------------------------------------------------------------------------

HTTPS = environment.flag("HTTPS", default=SITE_URL.startswith("https://"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# A browser takes a cookie of such a name only over HTTPS and from this very host: nobody who has a
# neighbouring name can put another in its place.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
# Pages carry the token themselves.
CSRF_COOKIE_HTTPONLY = True
SESSION_ENGINE = "incidents.access.sessions"
# After so many days everybody signs in anew; and after so many on which nothing was asked.
SESSION_DAYS = environment.whole_number("SESSION_DAYS", 14, least=1, most=90)
SESSION_IDLE_DAYS = environment.whole_number("SESSION_IDLE_DAYS", 7, least=1, most=90)
SESSION_COOKIE_AGE = int(timedelta(days=SESSION_DAYS).total_seconds())
SECURE_SSL_REDIRECT = environment.flag("HTTPS_REDIRECT", default=False)
# Those who ask for them stand behind the proxy.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)/$"]
# A site whose cookies go over HTTPS only is of no use without it.
SECURE_HSTS_SECONDS = environment.whole_number(
    "HSTS_SECONDS", 31_536_000 if HTTPS else 0, least=0, most=63_072_000
)
# What stands beside the site's name is others' to put behind HTTPS.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if environment.flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = environment.whole_number("PROXY_COUNT", 1, least=1, most=10)
    # Plain HTTP is the proxy's to send on.
    SILENCED_SYSTEM_CHECKS += ["security.W008"]
# How long the proxy waits for an answer.
PROXY_SECONDS = environment.whole_number("PROXY_SECONDS", 60, least=1, most=3600)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = interface.CONTENT_SECURITY_POLICY
# Far above what a field takes, so that a text that is too long comes back beside its field with
# the reason, instead of being dropped with the request.
DATA_UPLOAD_MAX_MEMORY_SIZE = 32_000_000
# A pasted log has up to 2,000 events, each of six fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_100
# The configuration files of a whole repository are checked at once.
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000
# What Alertmanager has to show with its alerts; without one none are taken.
ALERTMANAGER_TOKEN = environment.text("ALERTMANAGER_TOKEN", "")
# How often a minute a program may ask: by one token, and from one address.
API_RATE = environment.whole_number("API_RATE", 600, least=1, most=1_000_000)
# One link of a feed.
FEED_RATE = environment.whole_number("FEED_RATE", 30, least=1, most=1_000_000)
API_ADDRESS_RATE = environment.whole_number("API_ADDRESS_RATE", 3000, least=1, most=1_000_000)
# What a program has to show that has configuration checked; without one none may.
GUARD_TOKEN = environment.text("GUARD_TOKEN", "")
# For so long it is kept what was checked and what was found: two quarters can be compared.
GUARD_RUN_DAYS = environment.whole_number("GUARD_RUN_DAYS", 200, least=0, most=3650)
ALERT_DAYS = environment.whole_number("ALERT_DAYS", 90, least=1, most=3650)
# What people looked up may hold secrets that they pasted: so long it is kept, and so much of each.
LOOKUP_DAYS = environment.whole_number("LOOKUP_DAYS", 90, least=0, most=3650)
# Seconds for which lookups wait to be kept together; 0 keeps each at once, by who answered it.
LOOKUP_KEPT_AFTER = 0.5
LOOKUP_CHARACTERS = environment.whole_number("LOOKUP_CHARACTERS", 1000, least=20, most=20_000)
# Where the index of the archive is kept: derived, and made anew where it is missing.
LOOKUP_DIR = environment.folder("LOOKUP_DIR", VAR_DIR / "lookup")
# Where what people take out waits for them: web servers and workers of heavy jobs share it.
EXPORT_DIR = environment.folder("EXPORT_DIR", VAR_DIR / "exports")
# For so many days it does.
EXPORT_DAYS = environment.whole_number("EXPORT_DAYS", 7, least=1, most=365)
# Where what people bring in waits to be read: web servers and workers of heavy jobs share it.
IMPORT_DIR = environment.folder("IMPORT_DIR", VAR_DIR / "imports")
# For so many days it does.
IMPORT_DAYS = environment.whole_number("IMPORT_DAYS", 7, least=1, most=365)
# Bytes of all files that are brought in at once.
IMPORT_BYTES = environment.whole_number(
    "IMPORT_BYTES", 200_000_000, least=1_000_000, most=5_000_000_000
)
# So many bytes one file beside a record may have: it stands in the database.
ATTACHMENT_BYTES = environment.whole_number(
    "ATTACHMENT_BYTES", 10_000_000, least=100_000, most=100_000_000
)
# Looked into for letters that our own fonts lack.
EXPORT_FONTS = environment.text("EXPORT_FONTS", "/usr/share/fonts")
# A Git repository that is kept in step with the records; empty: none is.
ARCHIVE_DIR = environment.text("ARCHIVE_DIR", "")
ARCHIVE_HOURS = environment.whole_number("ARCHIVE_HOURS", 24, least=1, most=720)
# A folder in which workers keep backups of the site; empty: they take none.
BACKUP_DIR = environment.text("BACKUP_DIR", "")
# One every so many hours, and so many of them.
BACKUP_EVERY = environment.whole_number("BACKUP_EVERY", 24, least=1, most=720)
BACKUP_KEEP = environment.whole_number("BACKUP_KEEP", 14, least=1, most=1000)
# For how long it holds that somebody went through a runbook, where it does not say so itself.
RUNBOOK_VERIFY_DAYS = environment.whole_number("RUNBOOK_VERIFY_DAYS", 365, least=1, most=3650)
# Rules of the advice on writing that this site does not want, by their keys.
WORDING_RULES_OFF = environment.words("WORDING_RULES_OFF", "")
# Within how many days an action item is due, by the severity of its incident.
ACTION_DUE_DAYS = environment.days_by(
    "ACTION_DUE_DAYS",
    "sev1=7,sev2=14,sev3=30,sev4=60,sev5=60",
    names=("sev1", "sev2", "sev3", "sev4", "sev5"),
    most=3650,
)
# Who is to do it hears of it so many days before it is due.
ACTION_SOON_DAYS = environment.whole_number("ACTION_SOON_DAYS", 3, least=0, most=365)
# From so many days after it was done, somebody else is asked to verify it.
ACTION_VERIFY_DAYS = environment.whole_number("ACTION_VERIFY_DAYS", 14, least=0, most=3650)
# Messages that were read stand in the inbox for so long.
NOTIFICATION_DAYS = environment.whole_number("NOTIFICATION_DAYS", 90, least=1, most=3650)
# What the trackers sign their messages with; several, while one takes the place of another.
GITHUB_HOOK_SECRETS = environment.words("GITHUB_HOOK_SECRETS", "")
GITLAB_HOOK_TOKENS = environment.words("GITLAB_HOOK_TOKENS", "")
JIRA_HOOK_SECRETS = environment.words("JIRA_HOOK_SECRETS", "")
# The same for those that tell of incidents: what PagerDuty signs with, what other programs show.
PAGERDUTY_HOOK_SECRETS = environment.words("PAGERDUTY_HOOK_SECRETS", "")
INCIDENT_HOOK_TOKENS = environment.words("INCIDENT_HOOK_TOKENS", "")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
EMAIL_CONFIGURED = bool(environment.text("EMAIL_HOST", ""))
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_CONFIGURED
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = environment.text("EMAIL_HOST", "localhost")
EMAIL_PORT = environment.whole_number("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.text("EMAIL_FROM", "postmortems@localhost")

# Where webhooks may go beside the open internet, and at which ports.
OUTGOING_NETWORKS = environment.networks("OUTGOING_NETWORKS")
OUTGOING_PORTS = environment.whole_numbers("OUTGOING_PORTS", "80,443", least=1, most=65535)

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / static_files.folder(debug=DEBUG)
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = static_files.FINDERS
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": static_files.storage(debug=DEBUG),
}

# -- The interface for programs -------------------------------------------------------------------

REST_FRAMEWORK = interface.REST_FRAMEWORK
SPECTACULAR_SETTINGS = interface.SPECTACULAR_SETTINGS

# -- Work that is owed ---------------------------------------------------------------------------

# MB that the process of one heavy job may take.
HEAVY_JOB_MEMORY = environment.whole_number("HEAVY_JOB_MEMORY", 1024, least=256, most=1_000_000)
# For so long what is done stays in the list of jobs; what failed stays until it is retried.
JOB_DAYS = environment.whole_number("JOB_DAYS", 30, least=1, most=3650)
# redis:// or amqp://; without one the site's own workers look into the database.
BROKER_URL = environment.text("BROKER_URL", "")
if BROKER_URL and not BROKER_URL.startswith(("redis://", "rediss://", "amqp://", "amqps://")):
    raise ImproperlyConfigured("BROKER_URL names neither redis:// nor amqp://.")
CELERY_BROKER_URL = BROKER_URL
if BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_connect_timeout": 2,
        # A Redis that hangs is left; a worker waits for a message for a second at a time.
        "socket_timeout": 4,
        "socket_keepalive": True,
        "health_check_interval": 25,
    }

# -- Words and times -----------------------------------------------------------------------------

# Of who is not signed in and whose browser asks for none of them; of what is recorded without a
# person, and of programs' own pages.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LANGUAGE_CODE = environment.one_of("LANGUAGE", "en", choices=tuple(code for code, _ in LANGUAGES))
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
# In which the site tells when something was changed. Records have zones of their own, which begin
# as their writers'; stored times are always UTC.
TIME_ZONE = environment.zone("TIME_ZONE", "UTC")

# -- What is told of it --------------------------------------------------------------------------

# What a Prometheus shows at /metrics/; without it nothing is measured. All processes of the web
# server on one machine count into one folder, which their library finds in the environment.
METRICS_TOKEN = environment.text("METRICS_TOKEN", "")
METRICS_DIR = environment.folder("METRICS_DIR", VAR_DIR / "metrics")
if METRICS_TOKEN:
    METRICS_DIR.mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)

LOG_FORMAT = environment.one_of("LOG_FORMAT", "lines", ("lines", "json"))
LOGGING = logs.logging_to_console(
    LOG_FORMAT,
    level=environment.text("LOG_LEVEL", "WARNING").upper(),
    with_requests=environment.flag("LOG_REQUESTS", default=False),
)
