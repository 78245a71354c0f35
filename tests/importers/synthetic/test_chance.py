from collections import Counter

from incidents.importers.synthetic.chance import Chance


def test_it_works() -> None:
    assert [Chance("a").randrange(10**9) for _ in range(2)] == [Chance("a").randrange(10**9)] * 2
    assert Chance("a").random() != Chance("b").random()


def test_the_second_comes_half_as_often_as_the_first() -> None:
    chance = Chance("zipf")
    drawn = Counter(chance.one_of("abcdefgh") for _ in range(20_000))

    assert 1.8 < drawn["a"] / drawn["b"] < 2.2
    assert set(drawn) == set("abcdefgh")


def test_a_rank_has_a_long_tail() -> None:
    chance = Chance("tail")
    drawn = Counter(chance.rank(1000) for _ in range(20_000))

    assert min(drawn) == 0
    assert 900 < max(drawn) < 1000
    assert drawn[0] > 20 * drawn[100]


def test_some_are_different_ones() -> None:
    drawn = Chance("some").some_of("abc", 50)

    assert sorted(drawn) == ["a", "b", "c"]
