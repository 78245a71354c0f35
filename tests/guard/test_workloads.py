import pytest

from incidents.guard.configuration import Unknown, Value
from incidents.guard.readers import read
from incidents.guard.workloads import settings

COMPOSE = """\
services:
  web:
    image: orders
    command: gunicorn --workers 4 -t 30 orders.wsgi
    environment:
      DB_POOL: "5"
      LIMIT: ${LIMIT:-7}
      PRICE: $$5
    deploy:
      replicas: 3
      resources: {limits: {memory: 512M}}
  worker:
    image: orders
    command: ["celery", "-A", "orders", "worker", "--concurrency=2"]
    environment:
      - DB_POOL=2
      - TOKEN
  db:
    image: postgres:15
    command: postgres -c max_connections=200
volumes: {data: {}}
"""
KUBERNETES = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: app
          command: [bundle, exec, puma]
          args: ["-w", "2", "--tag=$(POD)"]
          env:
            - name: RAILS_MAX_THREADS
              value: "5"
            - name: PASSWORD
              valueFrom: {secretKeyRef: {name: orders}}
          resources: {limits: {memory: 512Mi}}
        - name: proxy
          env: [{name: MOST, value: "9"}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web-hpa}
spec: {maxReplicas: 10, scaleTargetRef: {kind: Deployment, name: web}}
"""


def rows(name: str, text: str) -> dict[str, tuple[int, Value]]:
    return {
        f"{component}.{setting.key}": (setting.line, setting.value)
        for component, setting in settings(read(name, text.encode()))
    }


def test_it_works() -> None:
    found = rows("docker-compose.yml", COMPOSE)

    expected: dict[str, tuple[int, Value]] = {
        "web.image": (3, "orders"),
        "web.workers": (4, 4),
        "web.timeout": (4, 30),
        "gunicorn.workers": (4, 4),
        "gunicorn.timeout": (4, 30),
        "web.environment.DB_POOL": (6, "5"),
        "web.env.DB_POOL": (6, 5),
        "web.env.LIMIT": (7, Unknown("7 unless LIMIT is set")),
        "web.env.PRICE": (8, "$5"),
        "web.deploy.replicas": (10, 3),
        "web.replicas": (10, 3),
        "web.resources.limits.memory": (11, "512M"),
        "worker.concurrency": (14, 2),
        "celery.concurrency": (14, 2),
        "worker.env.DB_POOL": (15, 2),
        "worker.env.TOKEN": (15, Unknown("the environment gives it")),
        "postgresql.max_connections": (20, 200),
    }
    assert {key: found.get(key) for key in expected} == expected
    assert not any(key.startswith(("volumes", "data")) for key in found)


def test_workloads_of_kubernetes_are_read() -> None:
    found = rows("k8s/web.yaml", KUBERNETES)

    expected: dict[str, tuple[int, Value]] = {
        "web.spec.replicas": (5, 3),
        "web.replicas": (5, 3),
        "web.workers": (11, 2),
        "web.tag": (11, Unknown("the environment of the container gives it")),
        "puma.workers": (11, 2),
        "web.env.RAILS_MAX_THREADS": (14, 5),
        "web.env.PASSWORD": (16, Unknown("the cluster gives it, by “valueFrom”")),
        "web.resources.limits.memory": (17, "512Mi"),
        "proxy.env.MOST": (19, 9),
        "web.autoscaler.maxReplicas": (24, 10),
    }
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.yml", "services: [web]\n"), ("a.yml", "kind: x\n"), ("a.env", "services=1\n")],
)
def test_other_files_have_none(name: str, text: str) -> None:
    assert rows(name, text) == {}
