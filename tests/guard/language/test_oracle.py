"""The same expressions by CEL's own evaluator: what it decides is decided alike here.

Left out, because it is meant otherwise here (docs/decisions/0027): numbers of two kinds in one sum,
comparisons of unlike things, and text that is a number or a switch.
"""

from cel_expr_python import cel
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.guard.language.evaluation import Answer, evaluate
from incidents.guard.language.parsing import parse
from tests.guard.language.configurations import Settings

WEB = {
    "workers": 8,
    "threads": 4,
    "negative": -7,
    "share": 0.5,
    "name": "blue",
    "ports": [80, 443],
    "names": ["red", "blue"],
    "on": True,
}
ORACLE = cel.NewEnv(variables={"web": cel.Type.DYN, "gone": cel.Type.DYN})

whole = st.one_of(
    st.integers(0, 1_000).map(str),
    st.sampled_from(
        ["web.workers", "web.threads", "web.negative", "size(web.ports)", "gone.number"]
    ),
)
decimal = st.one_of(
    st.decimals(0, 100, places=2).map(str), st.sampled_from(["web.share", "double(web.threads)"])
)
text = st.one_of(st.sampled_from(["'red'", "'blue'", "''", "'ü'", "web.name", "gone.name"]))
condition = st.one_of(st.sampled_from(["true", "false", "web.on", "has(web.name)", "has(web.x)"]))
comparing = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


def joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(" ".join)


def in_brackets(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return inner.map("({})".format)


wholes = st.recursive(
    whole,
    lambda inner: (
        joined(in_brackets(inner), st.sampled_from("+-*/%"), in_brackets(inner))
        | joined(in_brackets(inner), st.sampled_from("+-"), inner)
    ),
    max_leaves=5,
)
decimals = st.recursive(
    decimal,
    lambda inner: joined(in_brackets(inner), st.sampled_from("+-*"), in_brackets(inner)),
    max_leaves=4,
)
texts = st.recursive(text, lambda inner: joined(inner, st.just("+"), inner), max_leaves=3)
simple = st.one_of(
    condition,
    joined(wholes, comparing, wholes),
    joined(decimals, comparing, decimals),
    joined(texts, comparing, texts),
    st.tuples(texts, st.sampled_from(["contains", "startsWith", "endsWith"]), texts).map(
        lambda parts: f"({parts[0]}).{parts[1]}({parts[2]})"
    ),
    joined(wholes, st.just("in web.ports")),
    joined(texts, st.just("in web.names")),
    st.tuples(st.sampled_from(["all", "exists", "exists_one"]), comparing, wholes).map(
        lambda parts: f"web.ports.{parts[0]}(p, p {parts[1]} ({parts[2]}))"
    ),
)
conditions = st.recursive(
    simple,
    lambda inner: st.one_of(
        joined(in_brackets(inner), st.sampled_from(["&&", "||"]), in_brackets(inner)),
        in_brackets(inner).map("!{}".format),
        st.tuples(inner, inner, inner).map(lambda p: f"(({p[0]}) ? ({p[1]}) : ({p[2]}))"),
    ),
    max_leaves=8,
)


@given(conditions)
@settings(max_examples=500)
def test_it_decides_as_cel_does(expression: str) -> None:
    try:
        compiled = ORACLE.compile(expression)
    except Exception:  # noqa: BLE001 (the binding raises what it likes)
        # CEL's own checker found it senseless before it began.
        decided = None
    else:
        value = compiled.eval(data={"web": WEB, "gone": {}}).value()
        decided = value if isinstance(value, bool) else None

    answer = evaluate(parse(expression), Settings(web=WEB, gone={})).answer

    assert answer is {True: Answer.HOLDS, False: Answer.VIOLATED, None: Answer.UNDECIDED}[decided]
