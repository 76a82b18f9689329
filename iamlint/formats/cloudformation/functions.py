"""The intrinsic functions by name."""

from __future__ import annotations

from iamlint.formats.cloudformation import conditions, lookups, loops, texts
from iamlint.formats.cloudformation.json_text import to_json_string
from iamlint.formats.cloudformation.run import Functions

FUNCTIONS: Functions = {
    "": texts.plain,
    "Ref": lookups.ref,
    "Fn::Base64": lookups.outside("text", wild=False),
    "Fn::Cidr": lookups.outside("list", wild=False),
    "Fn::FindInMap": lookups.find_in_map,
    "Fn::ForEach": loops.for_each,
    "Fn::GetAZs": lookups.outside("list", wild=False),
    "Fn::GetAtt": lookups.getatt,
    "Fn::If": conditions.choose,
    "Fn::ImportValue": lookups.outside("text", wild=True),
    "Fn::Join": texts.join,
    "Fn::Length": texts.length,
    "Fn::Select": texts.select,
    "Fn::Split": texts.split,
    "Fn::Sub": texts.sub,
    "Fn::ToJsonString": to_json_string,
    "Fn::Transform": lookups.outside("list", wild=True),
}
