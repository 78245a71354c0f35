"""The list of all."""

from tests.defects import limits, sight

SEEDED = [*sight.DEFECTS, *limits.DEFECTS]
