"""Short ways to write the text of a policy, for the tests of everything that reads one."""

from __future__ import annotations

import json

from iamlint.policy.document import TrustPolicy
from iamlint.policy.parse import parse_policy
from iamlint.source import Source
from iamlint.syntax.json import parse

ACCOUNT = "222222222222"
OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/"


def read(text: str) -> TrustPolicy:
    value, _ = parse(Source("trust.json", text))
    assert value is not None
    return parse_policy(value)


def policy(*statements: str, version: str = '"2012-10-17"') -> str:
    return f'{{"Version": {version}, "Statement": [{", ".join(statements)}]}}'


def allow(
    principal: str = f'{{"AWS": "{ACCOUNT}"}}', action: str = '"sts:AssumeRole"', more: str = ""
) -> str:
    return f'{{"Effect": "Allow", "Principal": {principal}, "Action": {action}{more}}}'


def aws(text: str) -> str:
    return policy(allow(json.dumps({"AWS": text})))


def service(text: str) -> str:
    return policy(allow(json.dumps({"Service": text})))


def federated(text: str) -> str:
    return policy(allow(json.dumps({"Federated": text})))


def action(text: str) -> str:
    return policy(allow(action=text))


def when(condition: str, version: str = '"2012-10-17"') -> str:
    return policy(allow(more=f', "Condition": {condition}'), version=version)


def equals(value: str, operator: str = "StringEquals") -> str:
    return when(f'{{"{operator}": {{"aws:SourceArn": {value}}}}}')


NO_EFFECT = f'{{"Principal": {{"AWS": "{ACCOUNT}"}}, "Action": "sts:AssumeRole"}}'
NO_PRINCIPAL = '{"Effect": "Allow", "Action": "sts:AssumeRole"}'
NO_ACTION = f'{{"Effect": "Allow", "Principal": {{"AWS": "{ACCOUNT}"}}}}'
