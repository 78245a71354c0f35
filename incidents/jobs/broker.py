"""The word that there is work, through Celery. Imported only where there is a broker."""

from contextlib import suppress
from functools import cache
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from kombu.connection import Connection
from kombu.exceptions import OperationalError

from incidents.jobs.working import Worker
from incidents.models import Queue

LOOK = "jobs.look"
STALE_AFTER = 10
"""Seconds after which a word is not worth being heard: another has been said since."""
AT_A_TIME, SECONDS = 100, 5.0
"""How much light work follows from one word; one heavy job does."""


class PromptConnection(Connection):
    """Comes back within a second of the broker; Celery's own may wait for half a minute."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.update(interval_start=0.2, interval_step=0.2, interval_max=1)
        return super().ensure_connection(*args, **kwargs)  # type: ignore[no-untyped-call]


class PromptAMQP(AMQP):  # type: ignore[misc]  # Celery is untyped
    Connection = PromptConnection


@cache
def celery_app() -> Celery:
    app = Celery("postmortems", amqp=PromptAMQP)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    workers = {queue: Worker(queue) for queue in Queue}

    def look(name: str) -> None:
        """Do what is owed in a queue; and where that is more than one job, have others look too."""
        queue = Queue(name)
        worker = workers[queue]
        if worker.is_more_than_one():
            with suppress(OperationalError):
                say(queue)
        if queue == Queue.HEAVY:
            worker.look(most=1, seconds=SECONDS)
        else:
            worker.look(most=AT_A_TIME, seconds=SECONDS)

    app.task(name=LOOK)(look)
    return app


def say(queue: Queue, *, connection: Connection | None = None) -> None:
    """Tell one worker of the queue to look. Raises what kombu raises without a broker."""
    celery_app().send_task(
        LOOK, [queue.value], queue=queue.value, expires=STALE_AFTER, connection=connection
    )


def brief_connection() -> Connection:
    """One that gives up within about a second, for who sends beside a request."""
    app = celery_app()
    seconds = {"socket_connect_timeout": 1, "socket_timeout": 1}
    if not app.conf.broker_url.startswith("redis"):
        seconds = {"connect_timeout": 1, "read_timeout": 1, "write_timeout": 1}
    connection: Connection = app.connection_for_write(
        connect_timeout=1, transport_options={**app.conf.broker_transport_options, **seconds}
    )
    return connection
