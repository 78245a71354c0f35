"""Benchmarks: `make bench`. Never part of the tests, whose machines are busy with other things."""
