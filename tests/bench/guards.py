"""How long a repository's configuration takes to check: read, put together, and ask.

    python -m tests.bench.guards [GUARDS] [FILES]

The files are those of the stories' tools, in folders of their own; the guards read one, two or
three values of them. One process, one thread; the memory is the most that the process ever had.
"""

import os
import resource
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmortems.settings")

import django

django.setup()

from incidents.guard.checking import check
from incidents.guard.files import Given, read_all
from incidents.guard.findings import Asked, Past, Report
from incidents.guard.settled import Settled, counting

LIMIT_SECONDS = 5.0
LIMIT_MEGABYTES = 200.0

UNICORN = "worker_processes {n}\npreload_app true\ntimeout 30\nlisten 8080, :backlog => 64\n"
DATABASE = "production:\n  adapter: postgresql\n  pool: {n}\n  timeout: 5000\n"
POSTGRESQL = "max_connections = {n}\nshared_buffers = 128MB\nstatement_timeout = 30s\n" * 20
GUNICORN = "workers = 2 * {n} + 1\nworker_class = 'gevent'\ntimeout = 30\n"
NGINX = (
    "http {{\n  server {{\n    listen {n};\n    location / {{\n"
    "      proxy_read_timeout 60s;\n    }}\n  }}\n}}\n"
) * 10
MANIFEST = """apiVersion: apps/v1
kind: Deployment
metadata: {{name: web-{n}}}
spec:
  replicas: {n}
  template:
    spec:
      containers:
      - name: web
        image: example/web:1
        env: [{{name: DB_POOL, value: "5"}}, {{name: TIMEOUT, value: "30s"}}]
        resources: {{limits: {{memory: 512Mi, cpu: 500m}}}}
"""
KINDS = [
    ("unicorn.rb", UNICORN),
    ("database.yml", DATABASE),
    ("postgresql.conf", POSTGRESQL),
    ("gunicorn.conf.py", GUNICORN),
    ("nginx.conf", NGINX),
    ("deployment.yaml", MANIFEST),
    ("service.toml", "[pool]\nsize = {n}\nlimits = [1, 2, 3]\n"),
    (".env", "WORKERS={n}\nTIMEOUT=30\n"),
]
GUARDS = [
    "unicorn.timeout >= {n}",
    "database.pool > 5 && unicorn.worker_processes <= database.pool",
    "postgresql.max_connections >= gunicorn.workers * database.pool + {n}",
    "gunicorn.worker_class != 'gevent' || nginx.proxy_read_timeout == '60s'",
    "duration(postgresql.statement_timeout) < duration('5min') && env.TIMEOUT < {n}",
    "service.pool.limits.all(limit, limit < {n}) || nothing.of_the_sort > 1",
]


def main(arguments: list[str]) -> int:
    guards_wanted = int(arguments[0]) if arguments else 200
    files_wanted = int(arguments[1]) if len(arguments) > 1 else 500
    files = [
        Given(f"apps/{number}/{name}", text.format(n=number % 40 + 1).encode())
        for number in range(files_wanted)
        for name, text in [KINDS[number % len(KINDS)]]
    ]
    guards = [
        Asked(text.format(n=number), "", "Not so.", "error", Past(f"LES-{number}", "x", "/"), None)
        for number in range(guards_wanted)
        for text in [GUARDS[number % len(GUARDS)]]
    ]
    begun = time.process_time()
    read = read_all(files)
    then = time.process_time()
    settled = Settled(counting(read.configuration.values))
    report = check(Report(files=read.files, sources=read.sources), settled, guards)
    ended = time.process_time()
    print(f"{files_wanted:,} files, {guards_wanted:,} guards, {len(settled.settings):,} values")
    print(f"  read and put together {then - begun:8.2f} s of a processor")
    print(f"  ask                   {ended - then:8.2f} s of a processor")
    said = "met" if ended - begun <= LIMIT_SECONDS else "missed"
    print(f"  together              {ended - begun:8.2f} s, at most {LIMIT_SECONDS:g}: {said}")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = "met" if most <= LIMIT_MEGABYTES else "missed"
    print(f"  memory                {most:8.0f} MB, at most {LIMIT_MEGABYTES:g}: {said}")
    print(
        f"  {len(report.findings)} findings, {len(report.held)} held, "
        f"{len(report.not_checked)} not checked, {len(read.unreadable)} unreadable"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
