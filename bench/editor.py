"""Measures the language server as an editor meets it: from saving to diagnostics, and its memory.

    python bench/editor.py [--quick] [--python PYTHON]

A server is started as editors start it and spoken to over its pipes. Each turn is a one-line edit
at another place and a save; the time is that on the wall until the diagnostics of that version are
here, the debounce of edits without a save not among it. `--python` is an interpreter with iamlint
and its `lsp` extra; default: this one, with the package of the checkout.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import templates
import terraform
import yaml
from measuring import MIB, Row, environment, say, table

ROOT = Path(__file__).resolve().parent.parent
ROLES_OF_TERRAFORM, ROLES_OF_TEMPLATE = 200, 500
AIM = 0.050  # seconds
_SPOT = "sts:AssumeRole"
_VARIANTS = (_SPOT, "sts:TagSession")  # as long as each other


class Server:
    """One server, and what it said."""

    def __init__(self, python: Path, folder: Path) -> None:
        started = perf_counter()
        self._process = subprocess.Popen(
            [str(python), "-m", "iamlint", "lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment() | {"PYTHONPATH": str(ROOT)},
            cwd=folder,
        )
        self._next = 0
        capabilities = {"textDocument": {"publishDiagnostics": {"versionSupport": True}}}
        self.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities=capabilities)
        self.tell("initialized")
        self.started = perf_counter() - started  # seconds

    def ask(self, method: str, **params: Any) -> Any:
        """Send a request, and give its answer."""
        self._next += 1
        self._send({"id": self._next, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._next and "method" not in message:
                return message.get("result")
            self._answer(message)

    def tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def diagnostics(self, uri: str, version: int) -> list[Any]:
        """Wait for those of a version of a document."""
        while True:
            message = self._receive()
            params = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics":
                if params["uri"] == uri and params["version"] == version:
                    found: list[Any] = params["diagnostics"]
                    return found
            else:
                self._answer(message)

    def mebibytes(self) -> float:
        """The memory that it holds, where the system tells that."""
        status = Path(f"/proc/{self._process.pid}/status")
        if not status.exists():
            return float("nan")
        line = next(each for each in status.read_text().splitlines() if each.startswith("VmRSS"))
        return int(line.split()[1]) / MIB

    def end(self) -> None:
        self.ask("shutdown")
        self.tell("exit")
        self._process.wait(10)

    def _answer(self, message: dict[str, Any]) -> None:
        """Answer what the server asks for: there is nothing to say."""
        if "id" in message and "method" in message:
            result = [None] if message["method"] == "workspace/configuration" else None
            self._send({"id": message["id"], "result": result})

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        stream = self._process.stdout
        assert stream is not None
        size = 0
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            size = int(value) if name.lower() == b"content-length" else size
        if not size:
            sys.exit("the server is gone")
        found: dict[str, Any] = json.loads(stream.read(size))
        return found


class Typist:
    """Edits one document of a server again and again, each time a line of it."""

    def __init__(self, server: Server, path: Path, language: str) -> None:
        self._server = server
        self._uri = path.as_uri()
        self._lines = path.read_text("utf-8").split("\n")
        self._places = [n for n, line in enumerate(self._lines) if _SPOT in line]
        self._draw = Random(20)
        self._version = 1
        document = {"uri": self._uri, "languageId": language, "version": 1}
        text = "\n".join(self._lines)
        server.tell("textDocument/didOpen", textDocument={**document, "text": text})
        server.diagnostics(self._uri, 1)

    def type(self) -> float:
        """One edit of one line, and a save; the seconds until the diagnostics are here."""
        number = self._draw.choice(self._places)
        old = self._lines[number]
        held = next(each for each in _VARIANTS if each in old)
        new = old.replace(held, _VARIANTS[1 - _VARIANTS.index(held)])
        self._lines[number] = new
        self._version += 1
        start, end = {"line": number, "character": 0}, {"line": number, "character": len(old)}
        change = {"range": {"start": start, "end": end}, "text": new}
        document = {"uri": self._uri}
        versioned = {**document, "version": self._version}
        before = perf_counter()
        self._server.tell("textDocument/didChange", textDocument=versioned, contentChanges=[change])
        self._server.tell("textDocument/didSave", textDocument=document)
        self._server.diagnostics(self._uri, self._version)
        return perf_counter() - before


def folder_of_roles(folder: Path) -> Path:
    """A Terraform folder; gives the file that is edited."""
    terraform.written(folder, terraform.configuration(ROLES_OF_TERRAFORM))
    return folder / "roles_0017.tf"


def file_of_roles(folder: Path) -> Path:
    """The same roles in one file."""
    written = terraform.written(folder, terraform.configuration(ROLES_OF_TERRAFORM))
    files = sorted(written.glob("*.tf"))
    text = "\n".join(each.read_text("utf-8") for each in files)
    for each in files:
        each.unlink()
    (folder / "main.tf").write_text(text, "utf-8")
    return folder / "main.tf"


def template_of_roles(folder: Path) -> Path:
    folder.mkdir()
    path = folder / "roles.yaml"
    path.write_text(templates.template(ROLES_OF_TEMPLATE), "utf-8")
    return path


class _Loader(yaml.BaseLoader):
    """Reads a template: all scalars as texts, the short forms of functions in their long ones."""


def _function(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = node.value.split(".", 1) if name == "GetAtt" else node.value
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _function)


def json_template_of_roles(folder: Path) -> Path:
    folder.mkdir()
    path = folder / "roles.json"
    held = yaml.load(templates.template(ROLES_OF_TEMPLATE), Loader=_Loader)
    path.write_text(json.dumps(held, indent=2), "utf-8")
    return path


WORK = (
    (f"{ROLES_OF_TERRAFORM} roles in 40 files of Terraform", folder_of_roles, "terraform"),
    (f"{ROLES_OF_TERRAFORM} roles in one file of Terraform", file_of_roles, "terraform"),
    (f"{ROLES_OF_TEMPLATE} roles in a template of YAML", template_of_roles, "yaml"),
    (f"{ROLES_OF_TEMPLATE} roles in a template of JSON", json_template_of_roles, "json"),
)


def turns(python: Path, work: Path, count: int) -> Iterator[Row]:
    """From saving to diagnostics, for each kind of work."""
    for number, (name, make, language) in enumerate(WORK):
        say(f"{name} ...")
        folder = work / str(number)
        path = make(folder)
        server = Server(python, folder)
        before = perf_counter()
        typist = Typist(server, path, language)
        opened = perf_counter() - before
        times = [typist.type() for _ in range(count)]
        server.end()
        middle, late = median(times), quantiles(times, n=20)[-1]
        told = f"{middle * 1000:.1f} ms, 95 %: {late * 1000:.1f} ms; opened in {opened:.2f} s"
        yield Row(name, told, f"median ≤ {AIM * 1000:.0f} ms", middle <= AIM)


def starts(python: Path, work: Path, count: int) -> Row:
    """Until a server is ready for documents."""
    say("starting ...")
    times, held = [], 0.0
    for _ in range(count):
        server = Server(python, work)
        times.append(server.started)
        held = server.mebibytes()
        server.end()
    told = f"{median(times) * 1000:.0f} ms, {held:.0f} MiB"
    return Row("start of the server", told, "", True)


def lasting(python: Path, work: Path, edits: int) -> Row:
    """Memory while somebody types on and on: early, in the middle, and late."""
    say(f"{edits:,} edits ...")
    folder = work / "lasting"
    server = Server(python, folder.parent)
    typist = Typist(server, template_of_roles(folder), "yaml")
    held = []
    for number in range(1, edits + 1):
        typist.type()
        if number in (edits // 10, edits // 2, edits):
            held.append(server.mebibytes())
    server.end()
    told = " → ".join(f"{each:.0f}" for each in held) + " MiB"
    name = f"memory after {edits // 10:,}, {edits // 2:,}, {edits:,} edits"
    return Row(name, told, "flat", held[-1] <= held[0] * 1.1)


def main() -> int:
    """Measure and print; status 1 when an aim was missed."""
    parser = argparse.ArgumentParser(description="Measure the language server.")
    parser.add_argument("--quick", action="store_true", help="fewer turns")
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with TemporaryDirectory() as name:
        work = Path(name).resolve()
        rows = [starts(asked.python, work, 3 if asked.quick else 9)]
        rows += turns(asked.python, work, 40 if asked.quick else 200)
        rows.append(lasting(asked.python, work, 500 if asked.quick else 10_000))
    print(table(rows))
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
