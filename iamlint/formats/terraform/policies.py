"""Evaluates the data sources whose attribute is a whole document."""

from __future__ import annotations

from iamlint.formats.terraform import types
from iamlint.formats.terraform.blocks import POLICY_DOCUMENT, value
from iamlint.formats.terraform.documents import encoded
from iamlint.formats.terraform.evaluate import evaluate
from iamlint.formats.terraform.numbers import number
from iamlint.formats.terraform.policy_document import rendered
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Names, Scope
from iamlint.formats.terraform.values import Datum, Entry, boolean, mapping, null, sequence
from iamlint.syntax.escapes import decoded
from iamlint.syntax.hcl import parse_template
from iamlint.syntax.hcl.bodies import Block
from iamlint.syntax.value import Value


def document(run: Run, block: Block, scope: Scope) -> Datum:
    """The text of an `aws_iam_policy_document`, which remembers what it is the text of."""
    if not block.body.complete:
        run.missing[f"what could not be read of `data.{block.labels[0].text}`"] = None
    given = value(run, block.body, block.span, scope, POLICY_DOCUMENT)
    found = rendered(given, run.world.table.holes, run.tell)
    run.missing.update(dict.fromkeys(found.missing))
    return encoded(run, datum(found.value), block.span)


def datum(value: Value) -> Datum:
    """A document as a value of Terraform."""
    span = value.span
    if value.kind == "object":
        entries = {each.key.data: Entry(each.key, datum(each.value)) for each in value.members}
        return mapping("object", entries, span)
    if value.kind == "array":
        return sequence("tuple", [datum(item) for item in value.items()], span)
    if value.kind == "string":
        return Datum("string", value, span)
    if value.kind == "number":
        return Datum("number", number(span.text) or 0, span)
    return boolean(value.data, span) if value.kind == "boolean" else null(span)


def template(run: Run, block: Block, scope: Scope) -> Datum | None:
    """The text of a `template_file`; None where its template is not known."""
    written, given = block.body.attribute("template"), block.body.attribute("vars")
    if written is None:
        return None
    text = evaluate(run, written.value, scope)
    if text.kind != "string" or run.holes(text.string):
        return None
    names = evaluate(run, given.value, scope) if given is not None else None
    held = names.entries if names is not None and names.kind in types.MAPPINGS else {}
    made, problems = parse_template(decoded(text.text))
    if made is None or problems:
        return None
    run.spend(len(text.string) // 16, written.span)
    return evaluate(run, made, Names({key: entry.value for key, entry in held.items()}))
