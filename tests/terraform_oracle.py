"""What the real terraform makes of expressions: recorded in `data/`, asked again to refresh.

    python tests/terraform_oracle.py      writes tests/data/terraform_expressions.json anew

No network, no providers: every expression is an output of one configuration, in a tuple, so that
it may begin where it likes and be null.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from hcl_oracle import terraform
from terraform_texts import EXPRESSIONS, FILES, PRELUDE

RECORDED = Path(__file__).parent / "data" / "terraform_expressions.json"
# `value`, `type` and what of it is `unknown`; or the summary of an `error`.
Answer = dict[str, Any]


def ask(expressions: list[str], folder: Path) -> dict[str, Answer]:
    """The answers for expressions, each on its own."""
    names = {f"x{number:05}": text for number, text in enumerate(expressions)}
    (folder / "prelude.tf").write_text(PRELUDE)
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    for name, text in names.items():
        output = f'output "{name}" {{\n  value = [\n{text}\n  ]\n}}\n'
        (folder / f"{name}.tf").write_bytes(output.encode())
    answers: dict[str, Answer] = {}
    while wrong := _invalid(folder) or _unplanned(folder):
        for name, summary in wrong.items():
            answers[names[name]] = {"error": summary}
            (folder / f"{name}.tf").unlink()
    shown = json.loads(
        terraform(folder, "show", "-json", "plan"), parse_int=_Digits, parse_float=_Digits
    )
    for name, change in shown["output_changes"].items():
        planned = shown["planned_values"]["outputs"][name]
        answers[names[name]] = _answer(change, planned.get("type"))
    return {text: answers[text] for text in expressions}


class _Digits(str):
    """A number as it is written: no float of Python holds it."""

    __slots__ = ()


def _answer(change: dict[str, Any], type: Any) -> Answer:
    unknown = change["after_unknown"]
    if unknown is True:
        return {"unknown": True}
    value = _plain(change["after"][0]) if change.get("after") else None
    return {
        "value": value,
        "type": type[1][0] if type else None,
        "unknown": (unknown or [False])[0],
    }


def _plain(value: Any) -> Any:
    """The value with its numbers as objects, so that they are told from strings."""
    if isinstance(value, _Digits):
        return {"number": str(value)}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {"object": {key: _plain(item) for key, item in value.items()}}
    return value


def _invalid(folder: Path) -> dict[str, str]:
    found = json.loads(terraform(folder, "validate", "-json"))["diagnostics"]
    return _by_name(found)


def _by_name(diagnostics: list[dict[str, Any]]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for each in diagnostics:
        if each["severity"] != "error":
            continue
        file = (each.get("range") or {}).get("filename", "")
        detail = re.search(r'output value "(x\d{5})"', each.get("detail", ""))
        name = file[:-3] if re.fullmatch(r"x\d{5}\.tf", file) else detail[1] if detail else ""
        assert name, each
        wrong.setdefault(name, each["summary"])
    return wrong


def _unplanned(folder: Path) -> dict[str, str]:
    said = terraform(folder, "plan", "-input=false", "-refresh=false", "-json", "-out=plan")
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return _by_name([each["diagnostic"] for each in lines if each.get("type") == "diagnostic"])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        answers = ask(EXPRESSIONS, Path(folder))
    lines = (f"{json.dumps(text)}: {json.dumps(answer)}" for text, answer in answers.items())
    RECORDED.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
