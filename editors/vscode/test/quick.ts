/** The built extension with the real client, which starts the real server, in a stand-in of VS Code. */

import { strict as assert } from "node:assert";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type TestContext, test } from "node:test";
import { type Surroundings, findInterpreter, findServer } from "../src/executable";
import { type StandIn, standIn } from "./standin";

const HOME = path.resolve(__dirname, "../..");
const EXAMPLES = path.resolve(HOME, "../../examples");
/** The interpreter that iamlint is installed for. */
const PYTHON = process.env.IAMLINT_PYTHON ?? "python3";

interface Extension {
  activate(context: unknown): Promise<void>;
  deactivate(): Promise<void>;
}

/** Every `require("vscode")` from here on is the stand-in. */
function inject(window: StandIn): void {
  const loader = Module as unknown as { _load: (name: string, ...more: unknown[]) => unknown };
  const usual = (loader._load as { usual?: typeof loader._load }).usual ?? loader._load;
  const load = (name: string, ...more: unknown[]): unknown =>
    name === "vscode" ? window.api : usual.call(loader, name, ...more);
  loader._load = Object.assign(load, { usual });
}

/** A built module, loaded anew: it has the `vscode` that is injected now. */
function fresh(file: string): unknown {
  const full = path.join(HOME, "dist", file);
  const load = createRequire(full);
  Reflect.deleteProperty(load.cache, full);
  return load(full);
}

async function started(
  context: TestContext,
  settings: Record<string, unknown>,
  trusted = true,
): Promise<StandIn> {
  const folder = workspace(context);
  const window = standIn(folder, settings, trusted);
  inject(window);
  const extension = fresh("extension.js") as Extension;
  context.after(() => extension.deactivate());
  await extension.activate({ subscriptions: [], extensionPath: HOME });
  return window;
}

/** A folder with the examples, which goes when the test is over. */
function workspace(context: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "iamlint-vscode-"));
  context.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  cpSync(EXAMPLES, folder, { recursive: true });
  return folder;
}

function script(folder: string, name: string, text: string): string {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

test("findings, hovers and fixes arrive", async (context) => {
  const window = await started(context, { "iamlint.interpreter": PYTHON });
  assert.deepEqual(window.messages, []);
  const suite = fresh("test/suite.js") as { run: () => Promise<void> };
  await suite.run();
  assert.equal(window.status.text, "iamlint: 6 findings");
  assert.equal(window.status.severity, 0);
  const [folder] = window.api.workspace.workspaceFolders ?? [];
  assert(folder);
  const broken = path.join(folder.uri.fsPath, "broken.json");
  writeFileSync(broken, '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": }]}');
  await window.api.workspace.openTextDocument(window.api.Uri.file(broken));
  await eventually(() => window.status.text === "iamlint: 6 findings, 1 other");
});

test("a setting reaches the server while it runs", async (context) => {
  const window = await started(context, {
    "iamlint.interpreter": PYTHON,
    "iamlint.level": "critical",
  });
  const { Uri } = window.api;
  const [folder] = window.api.workspace.workspaceFolders ?? [];
  assert(folder);
  const uri = Uri.joinPath(folder.uri, "vendor.json");
  await window.api.workspace.openTextDocument(uri);
  const other = Uri.joinPath(folder.uri, "public.json");
  await window.api.workspace.openTextDocument(other);
  await eventually(() => window.api.languages.getDiagnostics(other).length === 1);
  assert.equal(window.api.languages.getDiagnostics(uri).length, 0);
  window.set("iamlint.level", "low");
  await eventually(() => window.api.languages.getDiagnostics(uri).length === 1);
});

test("the command starts another process", async (context) => {
  const window = await started(context, { "iamlint.interpreter": PYTHON });
  const before = window.log.filter((line) => line.includes("-m iamlint lsp")).length;
  await window.api.commands.executeCommand("iamlint.restart");
  const after = window.log.filter((line) => line.includes("-m iamlint lsp")).length;
  assert.equal(after, before + 1);
  assert.equal(window.status.text, "iamlint: no findings");
  window.set("iamlint.interpreter", "/nowhere/python");
  await eventually(() => window.status.text === "iamlint: problem");
});

test("who has no server is told once what to install", async (context) => {
  const path = process.env.PATH;
  process.env.PATH = "/nowhere";
  context.after(() => (process.env.PATH = path));
  const window = await started(context, {});
  const [message, ...more] = window.messages;
  assert.deepEqual(more, []);
  assert.match(message?.text ?? "", /not installed.*-m pip install "iamlint\[lsp\]"$/u);
  assert.deepEqual(message?.buttons, ["Install…", "Copy Command", "Settings", "Show Log"]);
  assert.equal(window.status.text, "iamlint: problem");
  window.set("iamlint.arguments", ["x"]);
  await window.api.commands.executeCommand("iamlint.showLog");
  window.press = "Install…";
  await window.api.commands.executeCommand("iamlint.restart");
  assert.equal(window.messages.length, 2);
  assert.match(window.typed.join(), /^\S+ -m pip install "iamlint\[lsp\]"$/u);
});

test("the last words of a server that does not start are shown", async (context) => {
  const folder = workspace(context);
  const broken = script(folder, "iamlint", 'echo "error: no server\n = help: install it" >&2; exit 2');
  const window = await started(context, { "iamlint.path": broken });
  assert.equal(window.messages.length, 1, JSON.stringify(window.messages));
  assert.match(window.messages[0]?.text ?? "", /did not start: no server To install/u);
  assert.equal(window.status.detail, "no server");
  window.set("iamlint.path", script(folder, "good/iamlint", `exec ${PYTHON} -P -m iamlint "$@"`));
  await eventually(() => window.status.text === "iamlint: no findings");
  assert.equal(window.messages.length, 1);
});

test("a server that crashes is started again, and finds the same", async (context) => {
  const folder = workspace(context);
  const pid = path.join(folder, "pid");
  const program = script(folder, "iamlint", `echo $$ > ${pid}; exec ${PYTHON} -P -m iamlint "$@"`);
  const window = await started(context, { "iamlint.path": program });
  const [first] = window.api.workspace.workspaceFolders ?? [];
  assert(first);
  const uri = window.api.Uri.joinPath(first.uri, "vendor.json");
  await window.api.workspace.openTextDocument(uri);
  const found = (): number => window.api.languages.getDiagnostics(uri).length;
  await eventually(() => found() === 1);
  process.kill(Number(readFileSync(pid, "utf8")), "SIGKILL");
  await eventually(() => found() === 0);
  await eventually(() => found() === 1);
  assert.equal(window.status.text, "iamlint: 1 finding");
  assert.deepEqual(window.messages, []);
});

test("an untrusted workspace executes nothing of its own until it is trusted", async (context) => {
  const path = process.env.PATH;
  process.env.PATH = "/nowhere";
  context.after(() => (process.env.PATH = path));
  const window = await started(context, {}, false);
  const [folder] = window.api.workspace.workspaceFolders ?? [];
  assert(folder);
  const own = script(folder.uri.fsPath, ".venv/bin/iamlint", `exec ${PYTHON} -P -m iamlint "$@"`);
  await window.api.commands.executeCommand("iamlint.restart");
  assert.equal(window.status.text, "iamlint: problem");
  window.trust();
  await eventually(() => window.status.text === "iamlint: no findings");
  assert.equal(window.status.detail, own);
});

// --- where the server is --------------------------------------------------------------------------

const LINUX: Surroundings = {
  path: "",
  interpreter: "",
  folders: ["/project/a", "/project/b"],
  trusted: true,
  env: { PATH: "/usr/bin::bin:/project/a/bin:/opt/bin" },
  platform: "linux",
  executable: () => false,
};

function having(...files: string[]): Surroundings {
  return { ...LINUX, executable: (file) => files.includes(file) };
}

test("settings come first and are taken at their word", () => {
  const around = having("/usr/bin/iamlint");
  assert.equal(findServer({ ...around, path: "/no/such" })?.program, "/no/such");
  const found = findServer({ ...around, interpreter: "/py" });
  assert.deepEqual(found?.args, ["-P", "-m", "iamlint", "lsp"]);
});

test("the workspace's environment comes before the PATH", () => {
  const all = ["/project/a/venv/bin/iamlint", "/project/b/.venv/bin/iamlint", "/usr/bin/iamlint"];
  assert.equal(findServer(having(...all))?.program, "/project/a/venv/bin/iamlint");
  assert.equal(findServer(having(...all.slice(1)))?.program, "/project/b/.venv/bin/iamlint");
  assert.equal(findServer(having(...all.slice(2)))?.program, "/usr/bin/iamlint");
  assert.equal(findServer(LINUX), undefined);
});

test("a relative folder of the PATH is passed over", () => {
  assert.equal(findServer(having("bin/iamlint", "iamlint", "/opt/bin/iamlint"))?.program, "/opt/bin/iamlint");
});

test("nothing in an untrusted workspace is a candidate", () => {
  const mine = having("/project/a/.venv/bin/iamlint", "/project/a/bin/iamlint", "/project/a/.venv/bin/python");
  assert.equal(findServer(mine)?.program, "/project/a/.venv/bin/iamlint");
  assert.equal(findServer({ ...mine, trusted: false }), undefined);
  assert.equal(findInterpreter(mine), "/project/a/.venv/bin/python");
  assert.equal(findInterpreter({ ...mine, trusted: false }), "python3");
});

test("Windows has other names for the same", () => {
  const own = String.raw`C:\w\.venv\Scripts\iamlint.exe`;
  const shared = String.raw`C:\bin\iamlint.exe`;
  const around: Surroundings = {
    ...LINUX,
    platform: "win32",
    folders: [String.raw`C:\w`],
    env: { PATH: String.raw`.;C:\bin` },
    executable: (file) => [own, shared].includes(file),
  };
  assert.equal(findServer(around)?.program, own);
  assert.equal(findServer({ ...around, trusted: false })?.program, shared);
  assert.equal(findInterpreter(around), "py");
});

async function eventually(done: () => boolean): Promise<void> {
  for (let times = 0; times < 1000 && !done(); times += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert(done(), "it happens in the end");
}
