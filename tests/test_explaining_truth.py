"""What is said of principals and guards is so: the oracle is asked about every call there is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any

import oracle
import pytest
from comparison import ROLE, meaning_of
from completion import as_oracle, completed
from examples_support import OWN_ACCOUNT, Case, cases, nodes
from explaining_support import book
from oracle import Request
from policies import ASSUMPTIONS, interesting_policy, near_requests, random_assumptions
from small import calls, some_policies

from iamlint.explaining import grants as of_grants
from iamlint.explaining import guards as of_guards
from iamlint.explaining import words
from iamlint.explaining.breadth import always_with, exactly
from iamlint.explaining.guards import Fence
from iamlint.explaining.statements import of_principals, refused
from iamlint.facts.node import Estate, Subject, Witness
from iamlint.facts.policy import PolicyNode
from iamlint.facts.statement import PrincipalNode, StatementNode
from iamlint.facts.truth import Truth
from iamlint.policy.document import Principal
from iamlint.semantics.strings import Strings

Json = dict[str, Any]
Guard = tuple[str, str, list[str]]
NEVER = dict.fromkeys(ASSUMPTIONS, False)
SEEDS = range(2)
NUMBER = 30  # policies of each seed


def policy_of(policy: Json) -> PolicyNode:
    return PolicyNode(Subject(meaning_of(policy), "`x`", Estate((ROLE["account"],))))


def worlds(policy: Json) -> list[oracle.World]:
    """Every call that the policy can tell apart, and each of its principals."""
    apart = [
        {**each, "Principal": {"AWS": [principal]}}
        for each in policy["Statement"]
        for principal in each["Principal"]["AWS"]
    ]
    every = calls({**policy, "Statement": apart})
    return [oracle.World(call, NEVER, ROLE["account"], True) for call in every]


def written(statement: Json) -> Iterator[Guard]:
    """Its guards, in their order."""
    for operator, keys in statement["Condition"].items():
        for key, values in keys.items():
            yield operator, key, values


def callers(statement: Json, every: list[oracle.World]) -> list[oracle.World]:
    """The calls by a statement's principals for its actions."""
    bare = {**statement, "Condition": {}}
    return [
        world
        for world in every
        if any(oracle.applies(bare, action, world) for action in world.request.actions)
    ]


def lets_in(policy: Json, number: int, principal: str, world: oracle.World) -> bool:
    """Whether a call gets in through one statement by one of its principals."""
    statements = policy["Statement"]
    own = {**statements[number], "Principal": {"AWS": principal}}
    if not oracle.applies(own, "sts:AssumeRole", world):
        return False
    allows = [own, *(each for each in statements if each["Effect"] == "Allow")]
    denies = [each for each in statements if each["Effect"] == "Deny"]
    return all(
        any(oracle.applies(each, action, world) for each in allows)
        and not any(oracle.applies(each, action, world) for each in denies)
        for action in world.request.actions
    )


def shown(monkeypatch: pytest.MonkeyPatch) -> list[Truth]:
    """The answers of which explanations show the calls from here on."""
    found: list[Truth] = []

    def noted(subject: Subject, truth: Truth, key: str = "") -> str:
        text = words.call(subject, truth, key)
        if text:
            found.append(truth)
        return text

    for module in (of_guards, of_grants):
        monkeypatch.setattr(module, "call", noted)
    return found


def request(witness: object) -> oracle.World:
    """The call as the oracle wants it."""
    assert isinstance(witness, Witness)
    return oracle.World(as_oracle(witness.request()), NEVER, ROLE["account"], True)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_guard_does_is_what_it_does_to_every_call(seed: int) -> None:
    counts: Counter[str] = Counter()
    for policy in map(with_a_sibling, some_policies(Random(f"guards {seed}"), NUMBER)):
        node, every = policy_of(policy), worlds(policy)
        for number, statement in enumerate(policy["Statement"]):
            here = callers(statement, every)
            guards = list(written(statement))
            for place, guard in enumerate(guards):
                said = " ".join(each.text for each in fence(node, number, place).part().lines)
                verdicts = {oracle.passes(*guard, world) for world in here}
                word = said.partition(":")[0]
                counts[word] += 1
                assert word in WORDS, said
                assert verdicts <= WORDS[word], (policy, guard, said)
                if word != "Not known":
                    assert verdicts == WORDS[word], (policy, guard, said)
                check_key(guard[1].lower(), said, here)
                # whether `*` covers services, and what these carry, is open; and of the names of
                # callers the small worlds have but a few
                sure = "*" not in statement["Principal"]["AWS"] and guard[1] != "aws:PrincipalArn"
                counts["Redundant"] += check_siblings(said, guard, guards, here, sure)
    assert min(counts["Void"], counts["Dead"], counts["Binding"], counts["Redundant"]) > 2, counts


def with_a_sibling(policy: Json) -> Json:
    """The policy, with a guard beside each of some that stops less than it does."""
    for statement in policy["Statement"]:
        keys = statement["Condition"].get("StringLike", {})
        wider = {key: [f"{value}*" for value in values] for key, values in keys.items()}
        if wider and "ForAnyValue:StringLike" not in statement["Condition"]:
            statement["Condition"]["ForAnyValue:StringLike"] = wider
    return policy


# what a guard may say to all calls, by what it is called
WORDS: dict[str, set[bool]] = {
    "Void": {True},
    "Dead": {False},
    "Binding": {True, False},
    "Not known": {True, False},
    "Does nothing": set(),
}


def fence(policy: PolicyNode, number: int, place: int) -> Fence:
    return Fence(policy.subject, policy.statements()[number], place)


def check_key(key: str, said: str, here: list[oracle.World]) -> None:
    """What is said of the key is so."""
    present = {key in world.request.context for world in here}
    if "never carry" in said:
        assert present <= {False}, said
    if "carries" in said:
        assert present <= {True}, said
    if "may come without" in said:
        assert present == {True, False}, said


def check_siblings(
    said: str,
    guard: Guard,
    guards: list[Guard],
    here: list[oracle.World],
    sure: bool,
) -> bool:
    """Whether a guard is said to be redundant; then those that are named stop all that it stops."""
    redundant = said.partition("Redundant: ")[2].partition(" all that it stops")[0]
    others = [each for each in guards if each is not guard]
    if "Binding" not in said or any(same(guard, each) for each in others):
        assert not redundant
        return False
    named = [each for each in others if f"`{each[0]}` on `{each[1]}`" in redundant]
    left = [w for w in here if all(oracle.passes(*each, w) for each in (named or others))]
    # where the siblings pass nobody, each of the guards is as dead as the others
    needless = bool(left) and all(oracle.passes(*guard, world) for world in left)
    assert needless == bool(redundant) or not (redundant or sure), f"{guard} {guards} {said}"
    for each in named:  # and none of them is too many
        fewer = [other for other in named if other is not each]
        some = [w for w in here if all(oracle.passes(*other, w) for other in fewer)]
        assert not all(oracle.passes(*guard, world) for world in some)
    return bool(redundant)


def same(guard: Guard, other: Guard) -> bool:
    return (guard[0], guard[1].lower()) == (other[0], other[1].lower())


@pytest.mark.parametrize("seed", SEEDS)
def test_the_calls_that_a_guard_is_said_to_pass_and_to_stop(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: Counter[bool] = Counter()
    found = shown(monkeypatch)
    for policy in some_policies(Random(f"calls {seed}"), NUMBER):
        node = policy_of(policy)
        for number, statement in enumerate(policy["Statement"]):
            for place, guard in enumerate(written(statement)):
                found.clear()
                lines = fence(node, number, place).part().lines
                items = [line.text for line in lines if line.item]
                for text, truth in zip(items, found, strict=True):
                    met = text.startswith(("passes", "forbids"))
                    if truth.state == "yes":
                        assert oracle.passes(*guard, request(truth.witness)) == met, text
                        counts[met] += 1
    assert min(counts.values()) > 20


@pytest.mark.parametrize("seed", SEEDS)
def test_who_gets_in_by_a_principal_is_who_gets_in(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: Counter[str] = Counter()
    found = shown(monkeypatch)
    for policy in some_policies(Random(f"principals {seed}"), NUMBER):
        node, every = policy_of(policy), worlds(policy)
        for number, statement in enumerate(policy["Statement"]):
            if statement["Effect"] != "Allow":
                continue
            for place, principal in enumerate(statement["Principal"]["AWS"]):
                found.clear()
                (part,) = of_principals(node, number, [place])
                word = part.lines[0].text.partition(" ")[0]
                inside = [w for w in every if lets_in(policy, number, principal, w)]
                if not any(truth.state == "possible" for truth in found):
                    assert word == ("Lets" if inside else "Nobody"), (policy, principal, part)
                counts[word] += 1
                for truth in found:
                    if truth.state != "yes":
                        continue
                    assert isinstance(truth.witness, Witness)
                    keys = node.subject.meaning.studied.said.keys
                    call = completed(truth.witness.request(), ROLE, keys)
                    world = oracle.World(call, NEVER, ROLE["account"], True)
                    assert lets_in(policy, number, principal, world), (policy, principal)
                check_reason(part.lines[0].text, policy, number, principal, every)
                lets = partial(lets_in, policy, number, principal)
                counts["exact"] += check_extent(node, number, place, inside, lets)
    assert min(counts["Lets"], counts["Nobody"], counts["exact"]) > 10, counts


def check_reason(
    said: str, policy: Json, number: int, principal: str, every: list[oracle.World]
) -> None:
    """Why nobody gets in is why."""
    own = {**policy["Statement"][number], "Principal": {"AWS": principal}}
    met = [w for w in every if oracle.applies(own, "sts:AssumeRole", w)]
    if "no call of it meets all guards" in said or "never meets" in said:
        assert not met
    if "stops all of its calls" in said:
        assert not met
    if "forbid" in said:
        assert met
        bare = {**policy, "Statement": [s for s in policy["Statement"] if s["Effect"] == "Allow"]}
        assert any(lets_in(bare, number, principal, world) for world in every)
    if "needs another action" in said:
        assert met


CARRIED = {"sts:externalid": "the external id", "sts:rolesessionname": "RoleSessionName"}


def as_a_stranger(world: oracle.World) -> oracle.World:
    """The call, made by somebody with a name that no policy means."""
    call = world.request
    arn = call.caller["arn"].rpartition("/")[0].partition("/")[0] + "/zq"
    context = {**call.context, "aws:principalarn": arn}
    return world._replace(
        request=call._replace(caller={**call.caller, "arn": arn}, context=context)
    )


def check_extent(
    policy: PolicyNode,
    number: int,
    place: int,
    inside: list[oracle.World],
    lets: Callable[[oracle.World], bool],
) -> bool:
    """Where callers are listed, or what they carry, there are no others and all of them are."""
    statement = policy.statements()[number]
    node = statement.nodes("principals")[place]
    assert isinstance(node, PrincipalNode)
    parts = (number, node.principal, "sts:AssumeRole")
    listed = False
    who = exactly(policy.subject, parts)
    for world in inside:
        context = world.request.context
        if "only" in who or "anybody of account" in who or "role `" in who or "user `" in who:
            arn, account = context["aws:principalarn"], context["aws:principalaccount"]
            assert f"`{arn}`" in who or f"`{account}`" in who, who
            listed = True
    if "anybody" in who:  # also those with names that nobody means
        assert any(lets(as_a_stranger(world)) for world in inside)
    carried = always_with(policy.subject, parts, statement.statement.guards)
    for key, name in (
        ("sts:externalid", "the external id"),
        ("sts:rolesessionname", "SessionName"),
    ):
        if name in carried:
            listed = True
            assert all(f"`{w.request.context.get(key)}`" in carried for w in inside), carried
    return listed


@pytest.mark.parametrize("seed", SEEDS)
def test_whom_a_deny_is_said_to_keep_out(seed: int) -> None:
    counts: Counter[str] = Counter()
    for policy in some_policies(Random(f"denies {seed}"), NUMBER // 2):
        node, every = policy_of(policy), worlds(policy)
        allows = [each for each in policy["Statement"] if each["Effect"] == "Allow"]
        bare = {**policy, "Statement": allows}
        for number, statement in enumerate(policy["Statement"]):
            if statement["Effect"] != "Deny":
                continue
            for place, principal in enumerate(statement["Principal"]["AWS"]):
                (part,) = of_principals(node, number, [place])
                said = part.lines[0].text
                own = {**statement, "Principal": {"AWS": principal}}
                kept = [
                    world
                    for world in every
                    if oracle.allowed(bare, world.request, NEVER, ROLE)
                    and any(oracle.applies(own, a, world) for a in world.request.actions)
                ]
                counts[" ".join(said.split()[:2])] += 1
                if not said.startswith("May"):
                    assert bool(kept) == said.startswith("Keeps out"), (policy, said)
    assert min(counts["Keeps out"], counts["Keeps nobody"]) > 5, counts


# operators that the oracle never lets pass, and of which IAM's view is not known
DOUBTED = {"operator-case", "null-with-if-exists", "null-with-quantifier"}
SHOWN = [case for case in cases(book()) if "policy" in case.example]


@pytest.mark.parametrize("case", SHOWN, ids=str)
def test_the_calls_that_are_shown_of_examples_get_in(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services and federated callers, too, whom the small worlds do not have."""
    policy = {"Version": "2012-10-17"} | case.example["policy"]
    role = {"account": case.example.get("account", OWN_ACCOUNT)}
    found = shown(monkeypatch)
    root = next(each for each in nodes(case.example, Strings()) if isinstance(each, PolicyNode))
    codes = {fault.code for fault in root.subject.policy.faults}
    if list(refused(root)) or codes & DOUBTED:
        return  # nobody gets in by what cannot be saved, and that is said
    for node in root.allows():
        assert isinstance(node, StatementNode)
        for place in range(len(node.statement.principals)):
            list(of_principals(root, node.number, [place]))
    for truth in found:
        if truth.state == "yes":
            assert isinstance(truth.witness, Witness)
            call = as_oracle(truth.witness.request())
            assert oracle.allowed(policy, call, NEVER, role), truth.witness.text()


@pytest.mark.parametrize("seed", SEEDS)
def test_what_one_of_several_values_is_there_for(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: Counter[str] = Counter()
    found = shown(monkeypatch)
    for policy in map(with_a_value_more, some_policies(Random(f"values {seed}"), NUMBER // 3)):
        node, every = policy_of(policy), worlds(policy)
        for number, statement in enumerate(policy["Statement"]):
            here = callers(statement, every)
            for place, (operator, key, values) in enumerate(written(statement)):
                for value in range(len(values)) if len(values) > 1 else ():
                    found.clear()
                    said = fence(node, number, place).part([value]).lines[-1].text
                    if not said.startswith("The value"):
                        continue  # a guard that is dead, or of which little is known
                    fewer = [*values[:value], *values[value + 1 :]]
                    guards = (operator, key, values), (operator, key, fewer)
                    differ = any(passes_of(guards, w) in ((0, 1), (1, 0)) for w in here)
                    counts[said.partition("` ")[2][:5]] += 1
                    assert " alone " in said or not differ, said
                    if " alone " in said:
                        assert passes_of(guards, request(found[-1].witness)) in ((0, 1), (1, 0))
                    has = [oracle.passes(plainly(operator), key, [values[value]], w) for w in here]
                    if "no call" in said:
                        assert not any(has)
    assert min(counts["alone"], counts["is ne"]) > 5, counts


def passes_of(guards: tuple[Guard, Guard], world: oracle.World) -> tuple[int, int]:
    one, other = (oracle.passes(*each, world) for each in guards)
    return int(one), int(other)


def plainly(operator: str) -> str:
    """The operator that asks for a value to be there."""
    return operator.replace("Not", "", 1).removesuffix("IfExists").removeprefix("ForAllValues:")


def with_a_value_more(policy: Json) -> Json:
    """The policy, with a value beside those of each guard that has one."""
    for statement in policy["Statement"]:
        for operator, keys in statement["Condition"].items():
            for values in keys.values():
                if operator != "Null" and len(values) == 1:
                    values.append(f"{values[0]}*")
    return policy


@pytest.mark.parametrize("seed", SEEDS)
def test_calls_that_get_in_are_among_those_that_are_said_to(seed: int) -> None:
    """Of policies like those in the wild, with services, providers and what AWS leaves open."""
    rng, counts = Random(f"wild {seed}"), Counter[str]()
    for _ in range(50):
        policy = interesting_policy(rng, ROLE)
        node, assume = policy_of(policy), random_assumptions(rng)
        near = near_requests(policy, rng, 15, ROLE)
        for each in node.allows():
            assert isinstance(each, StatementNode)
            for place, principal in enumerate(each.statement.principals):
                inside = [
                    call
                    for call in near
                    if gets_in(policy, each.statement.index, principal, call, assume)
                ]
                (part,) = of_principals(node, each.number, [place])
                said = part.lines[0].text
                counts[said.partition(" ")[0]] += 1
                counts["inside"] += len(inside)
                for call in inside:
                    assert not said.startswith("Nobody"), (said, call)
                    check_words(said, call, counts)
    assert min(counts["Lets"], counts["Nobody"], counts["inside"], counts["only"]) > 5, counts


def gets_in(
    policy: Json, index: int, principal: Principal, call: Request, assume: dict[str, bool]
) -> bool:
    """Whether a call gets in through one statement by one of its principals."""
    statements = oracle.listed(policy["Statement"])
    own = {k: v for k, v in statements[index].items() if k != "Principal"}
    entry: object = "*" if principal.type == "*" else {principal.type: principal.text}
    world = oracle.World(call, assume, ROLE["account"], policy.get("Version") == "2012-10-17")
    main = {"web": "WithWebIdentity", "saml": "WithSAML"}.get(call.caller["kind"], "")
    through = oracle.applies({**own, "Principal": entry}, f"sts:AssumeRole{main}", world)
    return through and oracle.allowed(policy, call, assume, ROLE)


def check_words(said: str, call: Request, counts: Counter[str]) -> None:
    """Where callers, or what they carry, are listed, the call is one of these."""
    who, _, carried = said.partition(", always with ")
    if " only" in who and "perhaps" not in who:
        counts["only"] += 1
        texts = [*call.context.values(), *call.caller.values()]
        flat = {text for each in texts for text in oracle.listed(each)}
        parts = {part for text in flat for part in re.split("[:/]", text)}
        assert any(f"`{text}`" in who for text in flat | parts), (said, call)
    if "the external id" in carried:
        assert f"`{call.context['sts:externalid']}`" in carried, (said, call)
