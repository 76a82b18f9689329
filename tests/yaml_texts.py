"""YAML texts to try readers with, sound and broken, and ways to look at what was read."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import strategies as st

from iamlint.source import Problem, Source
from iamlint.syntax.value import Value
from iamlint.syntax.yaml import YamlValue, parse

ALPHABET = st.sampled_from("ab: #'\"\\-\n\n\t*&!|>%@`[]{},\x85\u2028\u2029\xa0é🚀\ufeff\r0") | (
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])
)
STRINGS = st.text(ALPHABET, max_size=16)
STYLES = [None, "'", '"', "|", ">"]

TEMPLATE = """\
# A comment: with 'quotes' and é
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Account: {Type: String, Default: 012345678901}
x-base: &base
  Effect: Allow
  Action: "sts:\\x41ssume\\
    Role"
Resources:
  Röle🚀:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - <<: *base
            Principal: {AWS: !Sub 'arn:${AWS::Partition}:iam::${Account}:root'}
            Condition:
              Bool: {aws:SecureTransport: true}
              ? StringLike
              : ! {aws:PrincipalTag/x: [yes, "a
                  b", 'it''s'] }
          - !If
            - &c Cond
            - !GetAtt Other.Arn
            - *c
      Description: >-
        folded text
        over lines

          and more

        end
      Other: |+
        {"a": 1}

...
"""
NOISE = ["'", '"', "\\", "{", "}", "[", "]", ",", ":", ": ", "- ", "? ", "*", "&a ", "*a", "!x "]
NOISE += ["|", ">", "\n", "\r\n", " ", "  ", "\t", "#", " #", "%", "@", "`", "---\n", "...", "~"]
NOISE += ["<<: ", "{{", "}}", "\x85", "\u2028", "\xa0", "\x00", "\ud83d", "\ufeff", "🚀", "null"]
NOISE += ["!<x>", "!!str ", "%YAML 1.1\n", "\\x4", "0", "a", "b: c\n", "<<: *a\n", "|2-\n", ">+\n"]


@st.composite
def mutated(draw: st.DrawFn, text: str = TEMPLATE) -> str:
    """A template with a few pieces put in, cut out or swapped."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 5)))
        text = text[:start] + draw(st.just("") | st.sampled_from(NOISE)) + text[end:]
    return text


def read(text: str) -> tuple[YamlValue | None, list[Problem]]:
    return parse(Source("f.yaml", text))


def sound(text: str) -> YamlValue:
    value, problems = read(text)
    assert problems == []
    assert value is not None
    return value


def every(value: Value) -> list[YamlValue]:
    """The value, its keys and all inside it; what aliases repeat, too."""
    found, todo = [], [value]
    while todo:
        value = todo.pop()
        assert isinstance(value, YamlValue)
        found.append(value)
        for member in value.members:
            todo += [member.key, member.value]
        todo += value.items()
    return found


def as_written(value: Value) -> Any:
    """The plain data with null as it is spelt: what a loader that resolves nothing gives."""
    if value.kind == "object":
        return {member.key.data: as_written(member.value) for member in value.members}
    if value.kind == "array":
        return [as_written(item) for item in value.items()]
    return value.span.text if value.kind == "null" else value.data


def dump(value: Value | None) -> Any:
    """Everything that can be seen of a value, for comparison."""
    if value is None:
        return None
    return [
        (v.kind, v.tag, v.tag_span, v.use, v.style, v.span, None if v.items() else str(v.data))
        for v in every(value)
    ]


def loaded(text: str) -> Any:
    """What PyYAML makes of the first document when every scalar is text and nothing is merged."""
    return [*yaml.load_all(text, yaml.CBaseLoader), ""][0]
