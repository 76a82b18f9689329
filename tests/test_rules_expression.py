"""The condition of a rule: what is allowed, what is refused and where, and what it answers."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import jmespath
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rules_support import FORMS, LANGUAGE, Facts

from iamlint.facts.truth import Truth, negate
from iamlint.rules.closure import Test, build
from iamlint.rules.expression import check, never_null, positive_truths
from iamlint.rules.parse import ALLOWED, ExpressionError


def refused(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as found:
        check(text, "grant", LANGUAGE)
    return found.value


REFUSED = [
    # text, the part that is underlined, a piece of the message, a piece of the advice
    ("admits.publik", "publik", "unknown field `publik` of admits", "did you mean `public`?"),
    ("rol == 'x'", "rol", "unknown field `rol` of grant", "did you mean `role`?"),
    ("statement.effect == 'allow'", "'allow'", "no word of `statement.effect`", "`Allow`?"),
    ("contains(forms, 'rol')", "'rol'", "`rol` is no word of `forms`", "`role`?"),
    ("starts_with(statement.effect, 'x')", "'x'", "no word of `statement.effect`", "`Deny`"),
    ("statement.effect == principals", "principals", "cannot be compared", "length(principals)"),
    ("own == 'x'", "own == 'x'", "a yes or no is compared with a text", "`true`"),
    ("role == hours", "role == hours", "a text is compared with a number", "single quotes"),
    ("hours > '3'", "'3'", "`>` orders numbers", "`==`"),
    ("role < 'x'", "role", "`<` orders numbers", "`==`"),
    ("limit > `3`", "limit > `3", "`limit` may be null", "`limit != `null``"),
    ("starts_with(owner, 'x')", "owner", "`owner` may be null", "`owner != `null``"),
    ("length(owner) > `1`", "owner", "`owner` may be null", "`owner != `null``"),
    ("owner == alias", "owner == alias", "both be null", "`owner != `null``"),
    ("fenced", "fenced", "`fenced` may be null", "fenced == `true`"),
    ("admits.maybe", "admits.maybe", "may be null", "admits.maybe != `null`"),
    ("principal.open", "principal.open", "may be null", "!= `null`"),
    ("limit > `null`", "limit > `null", "null has no order", "`==`"),
    ("role == `null`", "role == `null", "`role` is never null", "drop"),
    ("owner != `null` && owner != `null`", "owner != `null", "at this point never null", "drop"),
    ("!principals[?open]", "principals", "`!` binds tighter", "!(list[?condition])"),
    ("!role == 'x'", "role", "`!` binds tighter than a comparison", "!(a == b)"),
    ("own == own == own", "own == own", "cannot be chained", "&&"),
    ("(own || own) == `true`", "own || own", "a condition is no value", "&&"),
    ("principals[?open] == `1`", "principals[?open", "answers yes or no", "length(a[?b])"),
    ("principals[?open].text", "principals[?open]", "nothing may follow", "into the condition"),
    ("principals[?open][?open]", "principals[?open]", "another filter", "&&"),
    ("[?own]", "own", "needs the list", "list[?condition]"),
    ("(own && own)[?own]", "own && own", "only a list can be filtered", "list[?condition]"),
    ("actions[?open]", "actions", "a list of texts and cannot be filtered", "contains(actions"),
    ("principals[?role == 'x']", "role", "unknown field `role` of principal", "`form`"),
    ("principals.form == 'any'", "form", "has no fields of its own", "principals[?form"),
    ("role.x == 'y'", "x", "`role` is a text and has no fields", "end the path"),
    ("role", "role", "`role` is a text, no condition", "role == 'text'"),
    ("statement.effect", "statement.effect", "a word, no condition", "== 'Allow'"),
    ("hours", "hours", "a number, no condition", "hours > `0`"),
    ("principals", "principals", "a list of nodes, no condition", "length(principals)"),
    ("actions", "actions", "a list of texts, no condition", "contains(actions"),
    ("statement", "statement", "a node, no condition", "statement.…"),
    ("statement == 'x'", "statement == 'x'", "a node is compared only", "its fields"),
    ("length(role)", "length(role", "`length` is a number", "> `0`"),
    ("length(own) > `1`", "own", "has no length", "lists"),
    ("length(role, role) > `1`", "length(role, role", "takes 1 argument, not 2", "length(x)"),
    ("contains(role)", "contains(role", "takes 2 arguments, not 1", "contains(text, part)"),
    ("startswith(role, 'x')", "startswith(role, 'x'", "unknown function", "`starts_with`?"),
    ("size(role) > `1`", "size(role", "unknown function `size`", "`length`"),
    ("contains(role, 'x') == `true`", "contains(role, 'x'", "not a value", "allowed"),
    ("contains('abc', role)", "'abc'", "does not search a text", "field"),
    ("contains(role, hours)", "hours", "looks for a text", "field"),
    (
        'contains(`["any", "rol"]`, role) && contains(`["Alow"]`, statement.effect)',
        '`["Alow"]`',
        "`Alow` is no word",
        "`Allow`?",
    ),
    ("contains(`[\"a\"]`, 'a')", "'a'", "two literals", "field"),
    ("length(principals[?open]) > hours", "hours", "only with a literal number", "backticks"),
    ("admits.public == `true`", "admits.public", "cannot be compared", "!(admits.public)"),
    ("!admits.public", "admits", "`!` binds tighter than `.`", "write `!(admits.public)`"),
    ("(own || own).x", "own || own", "made of names alone", "a.b.c"),
    ("'a' == 'b'", "'a' == 'b'", "two literals", "field"),
    ("own && `true`", "`true`", "a literal is no condition", "field"),
    ("hours == `[1]`", "`[1]`", "not part of the language", "a list of texts"),
    ("hours == `1e999`", "`1e999`", "not part of the language", "a number"),
    ("role == `x`", "`x`", "`x` is not JSON", "'x'"),
    ("hours == `NaN`", "`NaN`", "`NaN` is not JSON", "single quotes"),
    ("hours > 3", "3", "stands bare", "`3`"),
    ('role == "x"', '"x"', "would name a field", "'x'"),
    ("own and own", "and", "unexpected `and`", "`&&`"),
    ("own or own", "or", "unexpected `or`", "`||`"),
    ("own = `true`", "=", "unexpected `=`", "`==`"),
    ("own &&", "", "ends too early", "allowed"),
    ("(own", "", "ends too early", "allowed"),
    ("own)", ")", "unexpected `)`", "allowed"),
    ("role == 'x", "'x", "never closed", ""),
    ("role == `1", "`1", "never closed", ""),
    ("own # own", "#", "unexpected `#`", "allowed"),
    ("", "", "is empty", "allowed"),
    (" \n", " \n", "is empty", "allowed"),
]


@pytest.mark.parametrize(("text", "marked", "message", "advice"), REFUSED)
def test_what_is_refused_and_where(text: str, marked: str, message: str, advice: str) -> None:
    error = refused(text)
    assert message in error.message
    assert advice in error.advice
    assert text[error.start : error.end].startswith(marked)


@pytest.mark.parametrize(
    "text",
    [
        "principals[0]",
        "principals[]",
        "principals[*].text",
        "*",
        "[own, own]",
        "{a: own}",
        "@",
        "own | own",
        "sort_by(principals, &text)",
        "principals[0:1]",
        "statement.*",
    ],
)
def test_all_other_forms_are_refused_with_what_is_allowed(text: str) -> None:
    error = refused(text)
    assert ALLOWED in (error.advice, error.advice.partition("the functions are")[0])
    assert "jmespath" not in error.message.lower()


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "own",
        "(" * 900 + "own" + ")" * 900,
        "(" * 65 + "own" + ")" * 65,
        "!" * 65 + "own",
        "!" * 3000 + "own",
        "own" + "[?own]" * 500,
        "own && " * 5000 + "own",
        "own&&" * 300 + "own",
        "own==" * 190 + "own",
        "`" + "[" * 3900 + "`",
        "role == `" + "9" * 3000 + "`",
    ],
)
def test_a_hostile_condition_is_refused_quietly(text: str) -> None:
    refused(text)


@given(st.text(alphabet="own rle.=!&|()[?]'`\"<>,123\\-_@*{}:#é\n", max_size=40))
def test_no_text_makes_the_checker_fail(text: str) -> None:
    found: ExpressionError | None = None
    try:
        check(text, "grant", LANGUAGE)
    except ExpressionError as error:
        found = error
    assert found is None or (found.message and 0 <= found.start <= found.end <= len(text))


@pytest.mark.parametrize(
    "text",
    [
        "owner != `null` && starts_with(owner, 'x')",
        "owner == `null` || starts_with(owner, 'x')",
        "!(owner == `null`) && length(owner) > `1`",
        "!(owner == `null` || own) && contains(owner, 'x')",
        "limit == `3` && limit > hours",
        "principal != `null` && principal.open",
        "fenced != `null` && fenced",
        "(own && owner != `null`) && starts_with(owner, 'x')",
        "owner != `null` && owner == alias",
    ],
)
def test_a_null_that_was_excluded_before_is_no_trap(text: str) -> None:
    check(text, "grant", LANGUAGE)


@pytest.mark.parametrize(
    "text",
    [
        "owner != `null` || starts_with(owner, 'x')",
        "starts_with(owner, 'x') && owner != `null`",
        "(own || owner != `null`) && starts_with(owner, 'x')",
        "alias != `null` && starts_with(owner, 'x')",
        "owner != 'x' && starts_with(owner, 'x')",
    ],
)
def test_a_null_that_was_not_excluded_is_a_trap(text: str) -> None:
    assert "`owner` may be null" in refused(text).message


def test_what_holds_with_the_condition() -> None:
    assert never_null("owner == 'x' && (own || alias != `null`)") == {"owner"}
    tree = check("own && !(admits.public) && (admits.foreign || !!own)", "grant", LANGUAGE)
    assert positive_truths(tree) == ["own", "admits.foreign", "own"]


def test_the_tree_is_plain_data() -> None:
    text = "own && !(length(principals[?open]) >= `2`) && contains(actions, 'a')"
    tree = check(text, "grant", LANGUAGE)
    assert json.loads(json.dumps(tree)) == tree


# --- what a condition answers -------------------------------------------------------------------

BASE: dict[str, Any] = {
    "admits": {"public": True, "foreign": False, "maybe": None},
    "statement": {"effect": "Allow", "sid": None},
    "principal": None,
    "principals": [],
    "role": "deploy",
    "owner": None,
    "alias": "ops",
    "actions": ["sts:AssumeRole"],
    "forms": ["any"],
    "hours": 3,
    "limit": None,
    "own": True,
    "fenced": None,
}


def answer(text: str, **facts: object) -> Truth:
    return build(check(text, "grant", LANGUAGE))(Facts(BASE | facts))


def test_null_is_equal_to_no_literal_and_has_no_order() -> None:
    assert answer("owner == 'x'").state == "no"
    assert answer("owner != 'x'").state == "yes"
    assert answer("principal.form == 'any'").state == "no"
    assert build(["compare", ">", ["field", "limit"], ["literal", 1]])(Facts(BASE)).state == "no"
    assert build(["starts_with", ["field", "owner"], ["literal", ""]])(Facts(BASE)).state == "no"


def test_a_literal_on_the_left_turns_the_comparison() -> None:
    assert [answer("`2` >= hours", hours=hours).state for hours in (1, 2, 3)] == ["yes"] * 2 + [
        "no"
    ]
    assert [answer("`2` < hours", hours=hours).state for hours in (1, 2, 3)] == ["no"] * 2 + ["yes"]


def test_questions_that_cannot_matter_are_never_asked() -> None:
    node = Facts(BASE | {"own": False})
    build(check("own && role == 'x'", "grant", LANGUAGE))(node)
    assert node.asked == ["own"]


def test_a_truth_goes_through_with_its_witness() -> None:
    truth = Truth("possible", "request", ("var.org",), "anyone")
    facts = {"admits": {"public": truth, "foreign": Truth("no"), "maybe": None}}
    assert answer("admits.public && own", **facts) == truth
    assert answer("!(admits.public)", **facts) == negate(truth)
    assert answer("admits.public || own", **facts).state == "yes"
    assert answer("admits.foreign || admits.public", **facts) == truth


def member(state: str, form: str = "role") -> dict[str, object]:
    truth = Truth(state, None, ("hole",) if state in {"possible", "undecided"} else ())
    return {"form": form, "text": "x", "open": truth, "depth": 1, "inner": []}


@pytest.mark.parametrize(
    ("states", "text", "state"),
    [
        ([], "principals[?open]", "no"),
        (["no", "possible"], "principals[?open]", "possible"),
        (["possible", "undecided"], "principals[?open]", "undecided"),
        (["undecided", "yes"], "principals[?open]", "yes"),
        (["yes", "possible"], "length(principals[?open]) >= `1`", "yes"),
        (["yes", "possible"], "length(principals[?open]) >= `2`", "possible"),
        (["yes", "possible"], "length(principals[?open]) == `3`", "no"),
        (["yes", "undecided"], "length(principals[?open]) == `1`", "undecided"),
        (["no", "no"], "length(principals[?!open]) == `2`", "yes"),
        (["yes", "no", "no"], "length(principals) == `3`", "yes"),
    ],
)
def test_filters_ask_under_every_filling(states: list[str], text: str, state: str) -> None:
    found = answer(text, principals=[member(each) for each in states])
    assert found.state == state
    assert found.assumptions == (("hole",) if state in {"possible", "undecided"} else ())


fields = st.sampled_from(
    ["own", "admits.public", "admits.foreign", "statement.effect == 'Allow'",
     "statement.effect != 'Deny'", "role == 'deploy'", "hours > `2`", "`2` >= hours",
     "owner == 'me'", "owner != 'me'", "limit == `3`", "contains(actions, 'a')",
     "contains(role, 'ep')", "starts_with(role, 'de')", "ends_with(role, 'y')",
     "contains(`[\"any\", \"role\"]`, role)", "length(actions) < `2`", "length(role) == `6`",
     "owner != `null` && starts_with(owner, 'm')", "limit != `null` && limit > hours",
     "principals[?form == 'role' && open]", "length(principals[?open]) == `1`",
     "principals[?depth > `1`]", "principals[?!open || inner[?open]]"]
)  # fmt: skip
conditions = st.recursive(
    fields,
    lambda inner: st.one_of(
        inner.map(lambda a: f"!({a})"),
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
    ),
    max_leaves=6,
)
inner_members = st.fixed_dictionaries(
    {"form": st.sampled_from(FORMS), "text": st.just("x"), "open": st.booleans(),
     "depth": st.integers(0, 3), "inner": st.just([])}
)  # fmt: skip
members = st.builds(
    lambda one, inner: one | {"inner": inner}, inner_members, st.lists(inner_members, max_size=2)
)
nodes = st.fixed_dictionaries(
    {
        "own": st.booleans(),
        "admits": st.fixed_dictionaries({"public": st.booleans(), "foreign": st.booleans()}),
        "statement": st.fixed_dictionaries({"effect": st.sampled_from(["Allow", "Deny"])}),
        "role": st.sampled_from(["deploy", "any", ""]),
        "owner": st.sampled_from(["me", "you", None]),
        "limit": st.sampled_from([1, 3, 9, None]),
        "hours": st.integers(1, 4),
        "actions": st.lists(st.sampled_from("ab"), max_size=2),
        "principals": st.lists(members, max_size=3),
    }
)


def sound(text: str) -> Test:
    try:
        return build(check(text, "grant", LANGUAGE))
    except ExpressionError as error:  # asking twice whether a text is null is refused
        assume("at this point never null" not in error.message)
        raise


@given(conditions, nodes)
def test_known_facts_answer_as_jmespath_does(text: str, node: dict[str, Any]) -> None:
    found = sound(text)(Facts(node))
    # NOTE: JMESPath's own `[?…]` is a list, and an empty list is false.
    assert found.state == ("yes" if jmespath.search(text, node) else "no")


unsure = st.sampled_from(["yes", "no", "possible"])


@given(conditions, nodes, st.lists(unsure, min_size=5, max_size=5))
def test_a_certain_answer_holds_in_every_filling(
    text: str, node: dict[str, Any], states: list[str]
) -> None:
    test = sound(text)
    found = test(Facts(_filled(node, states)))
    if found.state == "possible":
        return
    options = [("yes", "no") if state == "possible" else (state,) for state in states]
    for filling in product(*options):
        assert test(Facts(_filled(node, list(filling)))).state == found.state


def _filled(node: dict[str, Any], states: list[str]) -> dict[str, Any]:
    """The node with given answers: two of its own, the others of its first principals."""
    truths = [Truth(state) for state in states]
    principals = [
        one | {"open": truth} for one, truth in zip(node["principals"], truths[2:], strict=False)
    ]
    admits = {"public": truths[0], "foreign": truths[1]}
    return node | {"admits": admits, "principals": principals}


def test_damaged_data_is_refused() -> None:
    for tree in (["grow", "x"], ["and", "own"], ["not", 3]):
        with pytest.raises(ValueError, match="expression"):
            build(tree)
