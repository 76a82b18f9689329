"""Takes the arguments of a function apart, and says what they should have been."""

from __future__ import annotations

from iamlint.formats.cloudformation.faults import Fault
from iamlint.formats.cloudformation.intrinsics import Call, is_text
from iamlint.formats.cloudformation.template import KINDS
from iamlint.syntax.value import Value

FORMS = {
    "Fn::And": "a list of 2 to 10 conditions",
    "Fn::Equals": "a list of two values",
    "Fn::FindInMap": "a list of a mapping's name and two keys",
    "Fn::ForEach": "a list of a name, a list of texts and an object",
    "Fn::GetAtt": "the id of a resource and the name of an attribute: `Id.Attribute`",
    "Fn::If": "a list of a condition's name and two values",
    "Fn::Join": "a list of a delimiter and a list of texts",
    "Fn::Length": "a list",
    "Fn::Not": "a list of one condition",
    "Fn::Or": "a list of 2 to 10 conditions",
    "Fn::Select": "a list of an index and a list of values",
    "Fn::Split": "a list of a delimiter and a text",
    "Fn::Sub": "a text, or a list of a text and an object of its variables",
    "Fn::ToJsonString": "an object or a list",
    "Ref": "the name of a parameter or a resource",
    "Condition": "the name of a condition",
}


def listed(call: Call, least: int, most: int = 0) -> tuple[Value, ...]:
    """The arguments of a function that takes several of them."""
    argument = call.argument
    if argument.kind != "array" or not least <= len(argument.data) <= (most or least):
        raise wrong(call)
    return argument.items()


def wrong(call: Call) -> Fault:
    """What to say of a function that was not given what it takes."""
    name = "Fn::ForEach" if call.name.startswith("Fn::ForEach::") else call.name
    held = KINDS[call.argument.kind]
    if call.argument.kind == "array":
        held = f"a list of {len(call.argument.data)}"
    return Fault(f"`{call.name}` is given {held}", call.span, f"it takes {FORMS[name]}")


def name(call: Call) -> str:
    """The argument of a function that takes a name as it is written."""
    if not is_text(call.argument):
        raise wrong(call)
    return str(call.argument.data)
