"""Files read one by one, and put together."""

from incidents.guard.files import TOO_LONG, Given, read_all

UNICORN = Given("unicorn.rb", b"timeout 30\n")


def test_it_works():
    read = read_all([UNICORN, Given("nginx.conf", b"http { keepalive_timeout 5s; }")])

    assert read.files == ["unicorn.rb", "nginx.conf"]
    assert read.configuration.get("unicorn", "timeout").value == 30
    assert read.configuration.get("nginx", "keepalive_timeout").value == "5s"
    assert read.sources["unicorn.rb"][0] == "timeout 30"


def test_what_cannot_be_read_hides_nothing_of_the_rest():
    read = read_all([Given("x.toml", b"="), UNICORN, Given("y.json", b"\x00")])

    assert [error.file for error in read.unreadable] == ["x.toml", "y.json"]
    assert read.configuration.get("unicorn", "timeout").value == 30


def test_the_repository_speaks_of_the_others_wherever_it_stands():
    told = Given("postmortems.toml", b'[[files]]\nglob = "*.rb"\ncomponent = "puma"\n')

    assert read_all([UNICORN, told]).configuration.get("puma", "timeout").value == 30


def test_a_repository_that_cannot_be_read_is_told():
    read = read_all([UNICORN, Given("postmortems.toml", b"[nothing]\na = 1\n")])

    assert [error.file for error in read.unreadable] == ["postmortems.toml"]


def test_after_its_time_no_file_is_begun():
    read = read_all([UNICORN, UNICORN], seconds=-1)

    assert [str(error) for error in read.unreadable] == [f"unicorn.rb: {TOO_LONG}"] * 2


def test_long_lines_are_cut_for_the_quote_alone():
    data = b"a = '" + b"x" * 5_000 + b"'"

    read = read_all([Given("x.toml", data)])

    assert len(read.sources["x.toml"][0]) == 1_000
    assert len(read.configuration.get("x", "a").value) == 5_000
