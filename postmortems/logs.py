"""How the log is written, as `logging.config` takes it. Nothing of it is for who runs a site."""

from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS

FORMATTERS: dict[str, dict[str, Any]] = {
    "lines": {
        "()": "incidents.health.logs.LineFormatter",
        "fmt": "{asctime} {levelname} {name} {request_id}: {message}",
        "style": "{",
    },
    "json": {
        "()": "pythonjsonlogger.json.JsonFormatter",
        "fmt": ["levelname", "name", "request_id", "message"],
        "rename_fields": {"levelname": "level", "name": "logger"},
        "timestamp": True,
        # Django hands the whole request over.
        "reserved_attrs": [*RESERVED_ATTRS, "request", "server_time"],
    },
}


def logging_to_console(format_: str, *, level: str, with_requests: bool) -> dict[str, Any]:
    """`format_` is one of FORMATTERS; with requests, each leaves a line."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": FORMATTERS,
        "filters": {
            "names_request": {"()": "incidents.health.logs.NamesRequest"},
            "hides_secrets": {"()": "incidents.health.logs.HidesSecrets"},
            "now_and_then": {"()": "incidents.health.logs.NowAndThen"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": format_,
                "filters": ["names_request", "hides_secrets"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "incidents.requests": {"level": "INFO" if with_requests else "WARNING"},
            # Who came in and who was refused is said whatever else is.
            "incidents.security": {"level": "INFO"},
            # While PostgreSQL is away, the pool would say so two or three times for each request.
            "psycopg.pool": {"filters": ["now_and_then"]},
        },
    }
