"""What is asked: stretches of what the records say, as somebody would paste them."""

from random import Random

LENGTHS = (10, 20, 30)
OF_EACH_LENGTH = 20


def questions(bodies: list[str]) -> list[str]:
    """The same ones for the same records: neighbours from one record, and a few words of another.

    A question that is a part of one text alone would be too easy, and would be one of phrases only.
    """
    random = Random(20)
    asked = []
    for length in LENGTHS:
        for _ in range(OF_EACH_LENGTH):
            words = stretch(random, bodies, length * 2 // 3)
            words += stretch(random, bodies, length - len(words))
            asked.append(" ".join(words))
    return asked


def stretch(random: Random, bodies: list[str], length: int) -> list[str]:
    words = random.choice(bodies).split()
    start = random.randrange(max(1, len(words) - length))
    return words[start : start + length]
