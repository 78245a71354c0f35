from incidents.guard.configuration import Setting, Unknown
from incidents.guard.language.evaluation import Answer, evaluate
from incidents.guard.language.parsing import parse
from incidents.guard.language.values import Undecided
from incidents.guard.settled import Settled
from tests.guard.readings import settled


def test_it_works():
    web = settled("async worker", "w.toml", **{"processes": 2, "routes.thumb-nails": "own"})

    assert web.value_at(("async_worker", "processes")) == 2
    assert web.value_at(("async_worker", "routes", "thumb_nails")) == "own"
    assert web.value_at(("async_worker", "routes")) == {"thumb_nails": "own"}
    assert web.has(("async_worker", "routes")) is True
    assert web.has(("async_worker", "nothing")) is False


def test_a_key_with_dots_may_be_written_whole():
    assert settled(**{"spark.memory": "1g"}).value_at(("unicorn", "spark.memory")) == "1g"


def test_what_is_not_there_is_named():
    answer = settled(timeout=1).value_at(("unicorn", "grace"))
    other = settled(timeout=1).value_at(("nginx", "grace"))

    assert answer == Undecided(("unicorn.grace is not in any file",), ("unicorn.grace",))
    assert other == Undecided(("nginx.grace is not in any file of nginx",), ("nginx.grace",))
    assert isinstance(settled(timeout=1).has(("nginx", "grace")), Undecided)


def test_what_cannot_be_known_keeps_its_reason():
    pool = settled(pool=Unknown("5 unless DB_POOL is set"), list=[1, Unknown("computed")])

    assert pool.value_at(("unicorn", "pool")) == Undecided(
        ("unicorn.pool is not known: 5 unless DB_POOL is set",), ("unicorn.pool",)
    )
    assert isinstance(pool.value_at(("unicorn", "list")), Undecided)
    # It is there, whatever it is.
    assert pool.has(("unicorn", "pool")) is True


def test_where_a_value_stands():
    both = Settled(
        {"web": {"a.b": Setting("a.b", 1, "1", "x", 3), "c": Setting("c", 2, "2", "x", 4)}}
    )

    assert both.setting_of("web.c").line == 4
    assert both.setting_of("web.a").line == 3
    assert both.setting_of("web.d") is None


def test_a_key_of_endless_steps_is_cut():
    key = ".".join(["a"] * 1_000)

    assert len(settled(**{key: 1}).groups) <= 66


def test_a_unit_means_what_its_tool_means_by_it():
    postgresql = settled("postgresql", "postgresql.conf", shared_buffers="128MB")
    other = settled("shop", "shop.toml", shared_buffers="128MB")
    size = parse("quantity(postgresql.shared_buffers) == 128 * 1024 * 1024")

    assert evaluate(size, postgresql).answer is Answer.HOLDS
    # To others it may be 128,000,000 bytes: nothing is guessed.
    assert evaluate(parse("quantity(shop.shared_buffers) > 1"), other).answer is Answer.UNDECIDED
