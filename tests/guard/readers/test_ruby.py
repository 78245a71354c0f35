from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.guard.configuration import CannotRead
from tests.guard.readers.reading import refusal, rows, values

UNICORN = """\
# config/unicorn.rb
worker_processes Integer(ENV["WEB_CONCURRENCY"] || 3)
timeout 30 # seconds
preload_app true
listen "/tmp/unicorn.sock", :backlog => 64
listen 8080, tcp_nopush: true
APP = "/srv/app"
pid "#{APP}/unicorn.pid"
stderr_path APP + "/log"
before_fork do |server, worker|
  defined?(ActiveRecord::Base) and
    ActiveRecord::Base.connection.disconnect!
  timeout 99
end
if ENV["SLOW"]
  timeout 60
end
timeout 15 if RUBY_VERSION > "2"
"""
PUMA = """\
max_threads = ENV.fetch("RAILS_MAX_THREADS") { 5 }
threads 1, max_threads
port ENV.fetch("PORT", 3000)
workers 2
preload_app!
plugin :tmp_restart
worker_timeout 30.minutes
on_worker_boot do
  ActiveRecord::Base.establish_connection if defined?(ActiveRecord)
end
note = <<~TEXT
  do if "
TEXT
=begin
timeout 5
=end
quiet
__END__
timeout 7
"""
PRODUCTION = """\
Rails.application.configure do
  config.cache_store = :redis_cache_store, { url: "redis://x", pool_size: 5 }
  if ENV["LOG"].present?
    config.log_level = :info
  end
  config.active_record.pool = 10
end
"""


def test_it_works() -> None:
    assert rows("config/unicorn.rb", UNICORN) == [
        (2, "worker_processes", "? 3 unless WEB_CONCURRENCY is set"),
        (3, "timeout", 30),
        (4, "preload_app", True),
        (5, "listen", "/tmp/unicorn.sock"),
        (5, "listen.backlog", 64),
        (6, "listen", 8080),
        (6, "listen.tcp_nopush", True),
        (7, "APP", "/srv/app"),
        (8, "pid", '? “"#{APP}/unicorn.pid"” is worked out when it runs'),
        (9, "stderr_path", "/srv/app/log"),
        (16, "timeout", "? it is set under “if” in line 15"),
        (18, "timeout", '? it is set only “if RUBY_VERSION > "2"”'),
    ]


def test_puma_is_read() -> None:
    found = rows("puma.rb", PUMA)

    assert found[1:] == [
        (2, "threads.min", 1),
        (2, "threads.max", "? 5 unless RAILS_MAX_THREADS is set"),
        (3, "port", "? 3000 unless PORT is set"),
        (4, "workers", 2),
        (5, "preload_app", True),
        (6, "plugin", "tmp_restart"),
        (7, "worker_timeout", 1800),
        (17, "quiet", True),
    ]


def test_a_block_that_configures_is_read() -> None:
    assert rows("production.rb", PRODUCTION) == [
        (
            2,
            "cache_store",
            '? “:redis_cache_store, { url: "redis://x", pool_size: 5 }” is worked out when it runs',
        ),
        (4, "log_level", "? it is set under “if” in line 3"),
        (6, "active_record.pool", 10),
    ]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1_000", 1000),
        ("-1.5", -1.5),
        ("'it\\'s'", "it's"),
        (":soft", "soft"),
        ("%w[a b]", ["a", "b"]),
        ("nil", None),
        ("(2 + 3) * 4 / 3", 6),
        ("ENV['A'].to_i", "? the environment gives it, in A"),
        ("(ENV['A'] || ENV['B'] || 2).to_i * 2", "? 4 unless A or B is set"),
        ("Integer('x')", "? “x” is no number"),
        ("[1, ENV['A']]", [1, "? the environment gives it, in A"]),
        ("512.megabytes", 512 * 1024**2),
        ("0x10", "? “0x10” is worked out when it runs"),
        ("`id`", "? “`id`” is worked out when it runs"),
        ("5 / 0", "? it cannot be worked out"),
        ("(" * 60 + "1" + ")" * 60, f"? “{'(' * 60}1{')' * 19}…” is worked out when it runs"),
    ],
)
def test_an_expression_comes_to(expression: str, value: object) -> None:
    assert values("a.rb", f"x {expression}\n")["x"] == value


def test_it_is_never_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKERS", "9")

    assert values("a.rb", 'workers ENV["WORKERS"]\n') == {
        "workers": "? the environment gives it, in WORKERS"
    }


PIECES = (
    'a ·b = ·1·"x"·\'·"·(·)·[·]·{·}·do |x|\n·end\n·if x\n·\n·;·<<A·A\n·ENV[·%w['
    "·#·=begin\n·.·|| ·/·:a"
)


@given(st.text(max_size=100) | st.lists(st.sampled_from(PIECES.split("·"))).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(CannotRead):
        rows("a.rb", text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a 1\nend\n", "a.rb:2: “end” closes nothing that was found."),
        ("a 1\nif b\nc 2\n", "a.rb:2: No “end” was found for “if”."),
        ("a 1\nb 'c\n", "a.rb:2: No end was found for “'”."),
        ("a 1\nb <<A\n", "a.rb:2: No end was found for “<<A”."),
        ("if a\n" * 60, "a.rb:51: It is nested more than 50 deep."),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, why: str) -> None:
    assert refusal("a.rb", text).startswith(why)
