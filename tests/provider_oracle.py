"""Asks the real Terraform with the real AWS provider, offline, and records what they answer.

`python tests/provider_oracle.py` refreshes the recordings in `tests/data/terraform`. The
provider talks to nobody: it has keys that open nothing, and who it asks for its account is here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from shutil import which
from typing import Any

from terraform_documents import DOCUMENTS

VERSION = "5.100.0"
PLUGINS = Path(os.environ.get("IAMLINT_TERRAFORM_PLUGINS", "/opt/tf-plugins"))
HAS_PROVIDER = (
    which("terraform") is not None
    and (PLUGINS / "registry.terraform.io/hashicorp/aws" / VERSION).is_dir()
)
# The provider takes many seconds to start, so that it is asked only by who asks for it.
LIVE = HAS_PROVIDER and os.environ.get("IAMLINT_LIVE") == "1"
WHY_NOT = "asks the real AWS provider, if it is installed, with IAMLINT_LIVE=1"
DATA = Path(__file__).parent / "data" / "terraform"
ACCOUNT = "111111111111"

_SETTINGS = """\
terraform {{
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "{version}"
    }}
  }}
}}

provider "aws" {{
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  endpoints {{
    sts = "{sts}"
  }}
}}
"""
_IDENTITY = f"""\
<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>arn:aws:iam::{ACCOUNT}:root</Arn><UserId>{ACCOUNT}</UserId><Account>{ACCOUNT}</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata><RequestId>none</RequestId></ResponseMetadata>
</GetCallerIdentityResponse>
"""
_QUIET = {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}


class _Sts(BaseHTTPRequestHandler):
    """Answers every request with the one account there is."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.end_headers()
        self.wfile.write(_IDENTITY.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def _sts() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Sts)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def _run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        ["terraform", *arguments],
        cwd=folder,
        env={**os.environ, **_QUIET},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def plan(configuration: Path, folder: Path, *arguments: str) -> tuple[dict[str, Any], str]:
    """What `terraform show -json` tells of a plan, else nothing and what is wrong."""
    work = folder / "configuration"
    shutil.copytree(configuration, work, dirs_exist_ok=True)
    with _sts() as sts:
        settings = _SETTINGS.format(version=VERSION, sts=sts)
        (work / "settings_of_the_oracle.tf").write_text(settings, encoding="utf-8")
        for step in (
            ("init", f"-plugin-dir={PLUGINS}", "-input=false", "-no-color"),
            ("plan", "-refresh=false", "-input=false", "-no-color", "-out=plan", *arguments),
        ):
            status, out, error = _run(work, *step)
            if status:
                return {}, out + error
        return json.loads(_run(work, "show", "-json", "plan")[1]), ""


def _recorded_plan(folder: Path) -> None:
    """Writes the plan of `plan/`, without what differs from run to run."""
    made, error = plan(DATA / "plan", folder)
    assert made, error
    for name in ("timestamp", "relevant_attributes"):
        made.pop(name, None)
    made["configuration"].pop("provider_config", None)
    text = json.dumps(made, indent=1, ensure_ascii=False)
    (DATA / "plan.json").write_text(text + "\n", encoding="utf-8")


def documents(bodies: dict[str, str], folder: Path) -> dict[str, dict[str, Any]]:
    """What the provider makes of bodies of `aws_iam_policy_document`, by name.

    `values`: what it was given, as Terraform converts it; `json`: what it made of it. Where there
    is an `error` there is nothing else.
    """
    found: dict[str, dict[str, Any]] = {}
    left = dict(enumerate(bodies))
    while True:
        configuration = folder / f"documents{len(left)}"
        configuration.mkdir(parents=True)
        for number, name in left.items():
            text = f'data "aws_iam_policy_document" "d{number:03}" {{\n{bodies[name]}}}\n'
            (configuration / f"d{number:03}.tf").write_text(text, encoding="utf-8")
        made, error = plan(configuration, folder / f"run{len(left)}")
        if made:
            return dict(sorted({**found, **_rendered(made, left)}.items()))
        refused = _refused(error)
        assert refused, error
        for number, reason in refused.items():
            found[left.pop(number)] = {"error": reason}


def _refused(error: str) -> dict[int, str]:
    """What is wrong, by the numbers of documents; those that a crash took along are not."""
    assert "panic:" not in error, error
    found: dict[int, str] = {}
    for part in error.split("Error: ")[1:]:
        reason, _, place = " ".join(part.replace("│", " ").split()).partition(" with data.")
        number = re.search(r"on d(\d{3})\.tf line", place)
        if number:
            found[int(number[1])] = reason
    return found


def _rendered(made: dict[str, Any], names: dict[int, str]) -> dict[str, dict[str, Any]]:
    resources = made["prior_state"]["values"]["root_module"]["resources"]
    values = {names[int(each["name"][1:])]: each["values"] for each in resources}
    texts = ("override_json", "policy_id", "source_json", "version")
    kept = (*texts, "override_policy_documents", "source_policy_documents", "statement")
    return {
        name: {"values": {key: held[key] for key in kept}, "json": json.loads(held["json"])}
        for name, held in values.items()
    }


def _recorded_documents(folder: Path) -> None:
    """Writes what the provider makes of all bodies."""
    text = json.dumps(documents(DOCUMENTS, folder), indent=1, ensure_ascii=False)
    (DATA / "documents.json").write_text(text + "\n", encoding="utf-8")


def policies(made: dict[str, Any]) -> dict[str, Any]:
    """The trust policies of a plan, by the addresses of their roles."""
    found: dict[str, Any] = {}
    todo = [made["planned_values"]["root_module"]]
    while todo:
        module = todo.pop()
        todo += module.get("child_modules", ())
        for each in module.get("resources", ()):
            if each["type"] == "aws_iam_role" and each["mode"] == "managed":
                found[each["address"]] = json.loads(each["values"]["assume_role_policy"])
    return dict(sorted(found.items()))


def _recorded_graph(folder: Path) -> None:
    """Writes the policies that `graph/` makes."""
    made, error = plan(DATA / "graph", folder)
    assert made, error
    text = json.dumps(policies(made), indent=1, ensure_ascii=False)
    (DATA / "graph.json").write_text(text + "\n", encoding="utf-8")


def _recorded_modules(folder: Path) -> None:
    """Writes the policies that the public modules called in `modules/` make.

    Git has to be able to clone them. For roles they need nothing of another provider, or of a newer
    one than is installed, and the copies are told so.
    """
    work = folder / "modules"
    shutil.copytree(DATA / "modules", work)
    status, out, error = _run(work, "get", "-no-color")
    assert not status, out + error
    for path in work.glob(".terraform/modules/**/versions.tf"):
        written = path.read_text("utf-8")
        written = re.sub(r'"(>=|~>) 6\.[0-9.]+"', '">= 5.0"', written)
        written = re.sub(r"\bprovider_meta [^}]*\}", "", written)
        path.write_text(re.sub(r"\btls = \{[^}]*\}", "", written), "utf-8")
    made, error = plan(work, folder / "run")
    assert made, error
    text = json.dumps(policies(made), indent=1, ensure_ascii=False)
    (DATA / "modules.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Asks again for everything that is recorded."""
    with tempfile.TemporaryDirectory() as folder:
        _recorded_modules(Path(folder) / "modules")
        _recorded_graph(Path(folder) / "graph")
        _recorded_plan(Path(folder) / "plan")
        _recorded_documents(Path(folder) / "documents")


if __name__ == "__main__":
    main()
