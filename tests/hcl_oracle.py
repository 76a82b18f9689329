"""Asks HashiCorp's own parsers about HCL, where they are installed; no network, no providers."""

from __future__ import annotations

import json
import os
import re
import subprocess
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any

HAS_TERRAFORM = which("terraform") is not None
HAS_PYGOHCL = find_spec("pygohcl") is not None
QUIET = {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}


def terraform(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["terraform", *arguments],
        cwd=folder,
        env={**os.environ, **QUIET},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def accepted_by_terraform(texts: list[str], folder: Path) -> list[bool]:
    """What `terraform fmt` can read: grammar only, no schema."""
    for number, text in enumerate(texts):
        (folder / f"x{number:05}.tf").write_bytes(text.encode())
    said = terraform(folder, "fmt", "-write=false", "-list=false", "-no-color")
    refused = {int(found) for found in re.findall(r"on x(\d{5})\.tf line", said)}
    assert refused or "Error" not in said, said
    return [number not in refused for number in range(len(texts))]


def accepted_by_pygohcl(text: str) -> bool | None:
    """What Go's parser can read; None where it fails later, at what it makes of the tree."""
    pygohcl = import_module("pygohcl")
    try:
        pygohcl.loads(text)
    except pygohcl.HCLParseError as error:
        return False if "invalid HCL" in str(error) else None
    except Exception:
        return None
    return True


def values(expressions: list[str], folder: Path) -> list[Any]:
    """What Terraform makes of expressions that need nothing from outside."""
    for number, text in enumerate(expressions):
        name = f"x{number:05}"
        output = f'output "{name}" {{\n  value = [\n{text}\n  ]\n}}\n'
        (folder / f"{name}.tf").write_bytes(output.encode())
    said = terraform(folder, "plan", "-input=false", "-refresh=false", "-no-color", "-out=plan")
    assert "Error" not in said, said
    planned = json.loads(terraform(folder, "show", "-json", "plan"))["output_changes"]
    return [planned[f"x{number:05}"]["after"][0] for number in range(len(expressions))]
