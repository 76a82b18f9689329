"""Bodies of `aws_iam_policy_document`, whose renderings by the real provider are recorded.

Each is named, so that a change of one does not move the answers of the others.
"""

from __future__ import annotations

from typing import Any


def _statement(*lines: str) -> str:
    body = "\n".join(f"    {line}" for text in lines for line in text.split("\n"))
    return f"  statement {{\n{body}\n  }}\n"


def _principals(type: str, *identifiers: str, block: str = "principals") -> str:
    listed = ", ".join(f'"{identifier}"' for identifier in identifiers)
    return f'{block} {{\n  type = "{type}"\n  identifiers = [{listed}]\n}}'


def _condition(test: str, variable: str, *values: str) -> str:
    listed = ", ".join(f'"{value}"' for value in values)
    head = f'  test = "{test}"\n  variable = "{variable}"'
    return f"condition {{\n{head}\n  values = [{listed}]\n}}"


_ASSUME = 'actions = ["sts:AssumeRole"]'
_ROOT = _principals("AWS", "arn:aws:iam::222222222222:root")
_PLAIN = _statement(_ASSUME, _ROOT)


def _json(*statements: str, head: str = '"Version":"2012-10-17",') -> str:
    """A document as the text of an argument."""
    text = "{" + head + f'"Statement":[{",".join(statements)}]' + "}"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_VERSION, _ID, _BAR = '"Version":"2020-01-01",', '"Id":"of another",', '"Bar":1,'
_STRANGE = '{"Effect":"Allow","Foo":1}'


def _sid(sid: str, action: str = "sts:AssumeRole") -> str:
    named = f'"Sid":"{sid}",' if sid else ""
    return f'{{{named}"Effect":"Allow","Action":"{action}","Principal":{{"AWS":"*"}}}}'


def _merged(**texts: str) -> str:
    return "".join(f"  {name} = {text}\n" for name, text in texts.items())


DOCUMENTS: dict[str, str] = {
    "plain": _PLAIN,
    "empty": "",
    "no statement, an id": '  policy_id = "only"\n',
    "empty statement": "  statement {}\n",
    "sid, effect, id": '  policy_id = "the-id"\n'
    + _statement('sid = "One"', 'effect = "Deny"', _ASSUME, _ROOT),
    "empty sid": _statement('sid = ""', _ASSUME, _ROOT),
    "empty id": '  policy_id = ""\n' + _PLAIN,
    "old version": '  version = "2008-10-17"\n' + _PLAIN,
    "null version": "  version = null\n" + _PLAIN,
    "null effect": _statement("effect = null", _ASSUME, _ROOT),
    "several statements": _PLAIN + _statement('actions = ["sts:TagSession"]', _ROOT),
    "equal statements": _PLAIN + _PLAIN,
    "several actions": _statement(
        'actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]', _ROOT
    ),
    "an action twice": _statement('actions = ["sts:AssumeRole", "sts:AssumeRole"]', _ROOT),
    "no actions": _statement("actions = []", _ROOT),
    "not actions": _statement('not_actions = ["sts:TagSession"]', _ROOT),
    "actions and not actions": _statement(_ASSUME, 'not_actions = ["sts:TagSession"]', _ROOT),
    "resources": _statement(_ASSUME, 'resources = ["*"]', _ROOT),
    "several resources": _statement('resources = ["b", "c", "a"]', 'not_resources = ["&{x}"]'),
    "everybody": _statement(_ASSUME, _principals("*", "*")),
    "everybody and more": _statement(_ASSUME, _principals("*", "*", "a")),
    "everybody twice": _statement(_ASSUME, _principals("*", "*"), _principals("*", "*")),
    "everybody and a type": _statement(_ASSUME, _principals("*", "*"), _ROOT),
    "a name of type *": _statement(_ASSUME, _principals("*", "arn:aws:iam::222222222222:root")),
    "everybody of AWS": _statement(_ASSUME, _principals("AWS", "*")),
    "several identifiers": _statement(
        _ASSUME, _principals("AWS", "222222222222", "333333333333", "111111111111")
    ),
    "an identifier twice": _statement(_ASSUME, _principals("AWS", "222222222222", "222222222222")),
    "no identifiers": _statement(_ASSUME, _principals("AWS")),
    "no identifiers of one type": _statement(_ASSUME, _principals("AWS"), _ROOT),
    "an empty identifier": _statement(_ASSUME, _principals("AWS", "")),
    "several types": _statement(
        _ASSUME,
        _principals("Service", "lambda.amazonaws.com", "ec2.amazonaws.com"),
        _ROOT,
        _principals("Federated", "cognito-identity.amazonaws.com"),
    ),
    "one type, one and one": _statement(_ASSUME, _principals("AWS", "2" * 12), _ROOT),
    "one type, one and two": _statement(_ASSUME, _principals("AWS", "1", "3"), _ROOT),
    "one type, two and two": _statement(
        _ASSUME, _principals("AWS", "1", "3"), _principals("AWS", "2", "4")
    ),
    "one type, equal blocks": _statement(_ASSUME, _ROOT, _ROOT),
    "one type, three times one": _statement(
        _ASSUME, _principals("AWS", "3"), _principals("AWS", "1"), _principals("AWS", "2")
    ),
    "odd types": _statement(_ASSUME, _principals("aws", "*"), _principals("CanonicalUser", "1")),
    "not principals": _statement(
        'effect = "Deny"', _ASSUME, _principals("AWS", "*", block="not_principals")
    ),
    "not principals everybody": _statement(
        'effect = "Deny"', _ASSUME, _principals("*", "*", block="not_principals")
    ),
    "both principals": _statement(
        _ASSUME, _ROOT, _principals("AWS", "2" * 12, block="not_principals")
    ),
    "one condition": _statement(_ASSUME, _ROOT, _condition("StringEquals", "sts:ExternalId", "x")),
    "several values": _statement(
        _ASSUME, _ROOT, _condition("StringEquals", "sts:ExternalId", "y", "z", "x")
    ),
    "a value twice": _statement(
        _ASSUME, _ROOT, _condition("StringEquals", "sts:ExternalId", "x", "x")
    ),
    "no values": _statement(_ASSUME, _ROOT, _condition("StringEquals", "sts:ExternalId")),
    "an empty value": _statement(_ASSUME, _ROOT, _condition("StringEquals", "sts:ExternalId", "")),
    "no test": _statement(_ASSUME, _ROOT, _condition("", "sts:ExternalId", "x")),
    "several conditions": _statement(
        _ASSUME,
        _ROOT,
        _condition("StringLike", "aws:PrincipalArn", "b", "a"),
        _condition("Bool", "aws:MultiFactorAuthPresent", "true"),
        _condition("StringEquals", "sts:ExternalId", "x"),
    ),
    "conditions of one test": _statement(
        _ASSUME,
        _ROOT,
        _condition("StringEquals", "sts:ExternalId", "x"),
        _condition("StringEquals", "aws:PrincipalOrgID", "o-abcdefghij"),
    ),
    "one condition, one and one": _statement(
        _ASSUME, _ROOT, *(_condition("StringEquals", "sts:ExternalId", v) for v in ("x", "y"))
    ),
    "one condition, two and two": _statement(
        _ASSUME,
        _ROOT,
        _condition("StringEquals", "sts:ExternalId", "x", "z"),
        _condition("StringEquals", "sts:ExternalId", "y", "a"),
    ),
    "one condition, equal blocks": _statement(
        _ASSUME, _ROOT, *2 * [_condition("StringEquals", "sts:ExternalId", "x", "z")]
    ),
    "variables of IAM": _statement(
        _ASSUME,
        'resources = ["&{aws:username}"]',
        _principals("AWS", "arn:aws:iam::1:user/&{aws:username}"),
        _condition("StringLike", "&{a}", "&{aws:username}", "$${aws:userid}", "& {b}"),
    ),
    "a variable of IAM in the old version": '  version = "2008-10-17"\n'
    + _statement(_ASSUME, _ROOT, _condition("StringLike", "a", "&{aws:username}")),
    "a variable of IAM as an action": _statement('actions = ["&{x}"]', _ROOT),
    "characters that JSON escapes": _statement(
        _ASSUME, _ROOT, _condition("StringEquals", "sts:ExternalId", '<&>\\"\\\\é\\u2028')
    ),
    "numbers and booleans": _statement(
        _ASSUME,
        _ROOT,
        'condition {\n  test = "Bool"\n  variable = "a"\n  values = [true, 1.50]\n}',
    ),
    "equal sids": _statement('sid = "A"', _ASSUME, _ROOT) + _statement('sid = "A"', _ASSUME, _ROOT),
    "source": _merged(source_policy_documents=f"[{_json(_sid('A'))}]") + _PLAIN,
    "source alone": _merged(source_policy_documents=f"[{_json(_sid('A'))}]"),
    "several sources": _merged(
        source_policy_documents=f"[{_json(_sid('A'))}, {_json(_sid('B'), _sid(''))}]"
    ),
    "sources with equal sids": _merged(
        source_policy_documents=f"[{_json(_sid('A'))}, {_json(_sid('A', 'sts:TagSession'))}]"
    ),
    "source overwritten": _merged(source_policy_documents=f"[{_json(_sid('A'), _sid('B'))}]")
    + _statement('sid = "A"', 'actions = ["sts:TagSession"]', _ROOT),
    "override": _merged(override_policy_documents=f"[{_json(_sid('A', 'sts:TagSession'))}]")
    + _statement('sid = "A"', _ASSUME, _ROOT)
    + _PLAIN,
    "override adds": _merged(override_policy_documents=f"[{_json(_sid(''), _sid('Z'))}]") + _PLAIN,
    "several overrides": _merged(
        override_policy_documents=f"[{_json(_sid('A', 'a:1'))}, {_json(_sid('A', 'a:2'))}]"
    )
    + _PLAIN,
    "source and override": _merged(
        source_policy_documents=f"[{_json(_sid('A', 'a:1'), _sid('B', 'b:1'))}]",
        override_policy_documents=f"[{_json(_sid('B', 'b:2'))}]",
    )
    + _PLAIN,
    "null source": _merged(source_policy_documents="[null]") + _PLAIN,
    "empty source": _merged(source_policy_documents='[""]') + _PLAIN,
    "no sources": _merged(source_policy_documents="[]") + _PLAIN,
    "source that is no JSON": _merged(source_policy_documents='["{"]') + _PLAIN,
    "source that is a list": _merged(source_policy_documents='["[]"]') + _PLAIN,
    "source that is nothing": _merged(source_policy_documents='["null"]') + _PLAIN,
    "version of a source": _merged(source_policy_documents=f"[{_json(_sid('A'), head=_VERSION)}]")
    + _PLAIN,
    "source without a version": _merged(source_policy_documents=f"[{_json(_sid('A'), head='')}]"),
    "id of a source": _merged(source_policy_documents=f"[{_json(_sid('A'), head=_ID)}]") + _PLAIN,
    "id of an override": '  policy_id = "own"\n'
    + _merged(override_policy_documents=f"[{_json(_sid('A'), head=_ID)}]"),
    "source with what nobody knows": _merged(
        source_policy_documents=f"[{_json(_STRANGE, head=_BAR)}]"
    ),
    "source with lists": _merged(
        source_policy_documents="["
        + _json(
            '{"Effect":"Allow","Action":["b","c","a"],"Principal":{"AWS":["b","a"],"Service":"s"},'
            '"Condition":{"StringEquals":{"k":["b","a"],"j":"x"}}}'
        )
        + "]"
    ),
    "source for everybody": _merged(
        source_policy_documents="["
        + _json('{"Effect":"Allow","Action":"a","Principal":"*","NotPrincipal":{"AWS":"*"}}')
        + "]"
    ),
    "source with one statement": _merged(
        source_policy_documents='["{\\"Statement\\":{\\"Effect\\":\\"Allow\\"}}"]'
    ),
    "source with booleans": _merged(
        source_policy_documents="["
        + _json('{"Effect":"Allow","Condition":{"Bool":{"k":true},"Null":{"n":false}}}')
        + "]"
    ),
    "source in lower case": _merged(
        source_policy_documents='["{\\"statement\\":[{\\"effect\\":\\"Allow\\",\\"action\\":\\"a\\"}]}"]'
    ),
    "old source": _merged(source_json=_json(_sid("A"))) + _PLAIN,
    "old override": _merged(override_json=_json(_sid("A", "a:2")))
    + _statement('sid = "A"', _ASSUME, _ROOT),
    "old source and new": _merged(
        source_json=_json(_sid("A")), source_policy_documents=f"[{_json(_sid('B'))}]"
    ),
}


def sorted_where_several(document: Any) -> Any:
    """The document with lists of principals and of values in order.

    The provider puts blocks of a type in the order of hashes; what they mean has no order.
    """
    if isinstance(document, dict):
        return {
            key: sorted_where_several(sorted(held) if isinstance(held, list) else held)
            if key not in ("Statement", "Action", "Resource")
            else sorted_where_several(held)
            for key, held in document.items()
        }
    return list(map(sorted_where_several, document)) if isinstance(document, list) else document
