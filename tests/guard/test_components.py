import pytest

from incidents.guard.components import Configuration, by_convention, configuration
from incidents.guard.configuration import Unknown, Value
from incidents.guard.readers import read
from incidents.guard.repository import repository

DATABASE = """\
default: &default
  adapter: postgresql
  pool: 5
production:
  <<: *default
  pool: <%= ENV.fetch("DB_POOL", 10) %>
test:
  <<: *default
  database: test
"""
SIDEKIQ = ":concurrency: 5\n:timeout: 25\nproduction:\n  :concurrency: 20\n:queues: [default]\n"
PGBOUNCER = "[databases]\norders = host=db\n[pgbouncer]\ndefault_pool_size = 20\n"


def of(*files: tuple[str, str], **options: str) -> Configuration:
    return configuration([read(name, text.encode()) for name, text in files], **options)


def values(found: Configuration) -> dict[str, Value]:
    return {
        f"{component}.{key}": settings[-1].value
        for component, keys in found.values.items()
        for key, settings in keys.items()
    }


def test_it_works() -> None:
    found = of(
        ("config/unicorn.rb", "timeout 30\n"),
        ("config/sidekiq.yml", SIDEKIQ),
        ("pgbouncer.ini", PGBOUNCER),
    )

    assert values(found) == {
        "unicorn.timeout": 30,
        "sidekiq.timeout": 25,
        "sidekiq.queues": ["default"],
        "sidekiq.concurrency": 20,
        "pgbouncer.databases.orders": "host=db",
        "pgbouncer.default_pool_size": 20,
    }
    setting = found.get("sidekiq", "concurrency")
    assert setting
    assert (setting.file, setting.line, setting.written) == ("config/sidekiq.yml", 4, "20")


def test_the_section_of_the_environment_is_the_component() -> None:
    assert values(of(("config/database.yml", DATABASE))) == {
        "database.pool": Unknown("10 unless DB_POOL is set"),
        "database.adapter": "postgresql",
    }
    assert values(of(("config/database.yml", DATABASE), environment="test")) == {
        "database.adapter": "postgresql",
        "database.pool": 5,
        "database.database": "test",
    }


@pytest.mark.parametrize(
    ("file", "component"),
    [
        ("config/unicorn.rb", "unicorn"),
        ("config/unicorn/production.rb", "production"),
        ("config/puma.rb", "puma"),
        ("deploy\\gunicorn.conf.py", "gunicorn"),
        ("app/celeryconfig.py", "celery"),
        ("nginx.conf.erb", "nginx"),
        ("prod.tfvars", "terraform"),
        (".env.production", "env"),
        ("src/main/resources/application.properties", "application"),
        ("orders.toml", "orders"),
    ],
)
def test_names_of_files_tell_the_component(file: str, component: str) -> None:
    assert by_convention(file) == component


def test_the_component_may_be_told() -> None:
    assert values(of(("a.py", "pool = 3\n"), component="async worker")) == {"async_worker.pool": 3}


def test_names_are_compared_by_their_letters_and_digits() -> None:
    found = of(("a.py", "x = 1"), component="Async worker-2")

    assert found.get("Async_worker 2", "x")
    assert of(("a.yml", "k-1: {b c: 5}")).get("a", "k_1.b_c")
    assert found.get("other", "x") is None


def test_of_two_the_later_counts_and_a_note_says_so() -> None:
    found = of(("a/unicorn.rb", "timeout 30\n"), ("b/unicorn.rb", "timeout 60\n"))

    assert values(found) == {"unicorn.timeout": 60}
    (note,) = found.notes()
    assert note == (
        "unicorn.timeout is set in a/unicorn.rb:1 (30) and b/unicorn.rb:1 (60);"
        " the last one counts."
    )


def test_equal_values_need_no_note() -> None:
    assert of(("a/puma.rb", "workers 2\n"), ("b/puma.rb", "workers 2\n")).notes() == []


def test_a_directive_of_nginx_is_known_by_its_name() -> None:
    found = of(("nginx.conf", "http {\n  server {\n    keepalive_timeout 5s;\n  }\n}\n"))

    assert values(found) == {
        "nginx.http.server.keepalive_timeout": "5s",
        "nginx.keepalive_timeout": "5s",
    }


def test_what_a_repository_tells_comes_first() -> None:
    told = repository(
        "postmortems.toml",
        b"""
environment = "staging"
[[files]]
glob = "deploy/workers/*.py"
component = "async worker"
[[files]]
glob = "legacy/database.yml"
environment = "test"
[values]
postgresql.max_connections = 100
sidekiq.concurrency = 7
""",
    )
    readings = [
        read("./deploy/workers/a.py", b"pool = 3\n"),
        read("legacy/database.yml", DATABASE.encode()),
        read("sidekiq.yml", b"concurrency: 5\nstaging: {concurrency: 6}\n"),
    ]

    found = configuration(readings, repository=told)

    assert values(found) == {
        "async_worker.pool": 3,
        "database.adapter": "postgresql",
        "database.pool": 5,
        "database.database": "test",
        "sidekiq.concurrency": 7,
        "postgresql.max_connections": 100,
    }
    setting = found.get("postgresql", "max_connections")
    assert setting
    assert (setting.file, setting.line, setting.key) == ("postmortems.toml", 10, "max_connections")
