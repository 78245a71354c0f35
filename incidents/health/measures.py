"""What is measured, for a Prometheus that asks for it at `/metrics`.

Each process of the web server counts by itself and keeps its counts in files of one folder
(PROMETHEUS_MULTIPROC_DIR): whichever of them is asked adds all of them up.
"""

import os
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from incidents.health.queries import Work

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own name, in the environment."""

OBJECTIVES = {
    "lookup:lookup": 0.25,
    "lookup:answers": 0.1,
    "lookup:beside": 0.25,
    "lookup:alertmanager": 0.25,
    "runbooks:runbook": 0.1,
    "records:incident": 0.25,
}
"""Seconds within which an address that matters at three in the morning answers 99 of 100 requests.
Each is the end of a bucket, so that how many kept it can be counted, and not only guessed."""

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds."""

UNNAMED = "none"
"""The endpoint of what leads nowhere, and of files that are no page."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

OWN = CollectorRegistry()
seconds = Histogram(
    "postmortems_request_seconds",
    "From a request to the first byte of its answer, inside the process.",
    ["endpoint"],
    buckets=BUCKETS,
    registry=OWN,
)
requests = Counter(
    "postmortems_requests", "Requests answered.", ["endpoint", "method", "status"], registry=OWN
)


def count(*, endpoint: str, method: str, status: int, took: float) -> None:
    """`took` is in seconds. Endpoints have the names that addresses have in the code: an address
    itself may hold what is nobody else's business, and there is no end of them."""
    seconds.labels(endpoint).observe(took)
    requests.labels(endpoint, method if method in METHODS else "other", str(status)).inc()


def told(owed: list[Work]) -> bytes:
    """All of it in Prometheus' text format."""
    registry = CollectorRegistry()
    if FOLDER in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(Of(OWN.collect()))
    registry.register(Of(objectives()))
    registry.register(Of(of_work(owed)))
    return generate_latest(registry)


class Of(Collector):
    """Measures that are there already."""

    def __init__(self, measures: Iterable[Metric]) -> None:
        self.measures = list(measures)

    def collect(self) -> Iterable[Metric]:
        return self.measures


def objectives() -> Iterable[Metric]:
    told = GaugeMetricFamily(
        "postmortems_objective_seconds",
        "Within which 99 of 100 requests of an endpoint are to be answered.",
        labels=["endpoint"],
    )
    for endpoint, within in OBJECTIVES.items():
        told.add_metric([endpoint], within)
    yield told


def of_work(owed: list[Work]) -> Iterable[Metric]:
    jobs = GaugeMetricFamily(
        "postmortems_jobs", "Jobs that are not done.", labels=["queue", "state"]
    )
    age = GaugeMetricFamily(
        "postmortems_oldest_owed_seconds",
        "How long the oldest job that is due has waited.",
        labels=["queue"],
    )
    for one in owed:
        jobs.add_metric([one.queue, "owed"], one.owed)
        jobs.add_metric([one.queue, "running"], one.running)
        jobs.add_metric([one.queue, "failed"], one.failed)
        age.add_metric([one.queue], one.oldest)
    yield from (jobs, age)
