/**
 * What a person does with the extension in a folder with the examples of the project, said in the
 * language of VS Code. Runs in VS Code itself (`npm run check:real`) and with the stand-in.
 */

import { strict as assert } from "node:assert";
import * as vscode from "vscode";

const SECONDS = 60;

/** Called by VS Code (`extensionTestsPath`), and by `quick.ts`. */
export async function run(): Promise<void> {
  await vscode.extensions.getExtension("iamlint.iamlint")?.activate();
  await findings();
  await fixing();
  await typing();
}

async function findings(): Promise<void> {
  const { uri } = await opened("organization.json");
  const [first, second, ...more] = await diagnostics(uri, 2);
  assert(first && second);
  assert.equal(more.length, 0);
  assert.deepEqual([place(first), place(second)], ["13:11", "16:11"]);
  for (const each of [first, second]) {
    assert.equal(each.source, "iamlint");
    assert.equal(each.severity, vscode.DiagnosticSeverity.Error);
    const code = each.code as { value: string; target: vscode.Uri };
    assert.equal(code.value, "leaky-fence");
    assert.match(code.target.toString(), /leaky-fence/u);
  }
  const [hover] = await ask<vscode.Hover[]>("vscode.executeHoverProvider", uri, first.range.start);
  assert(hover, "there is a hover");
  const text = hover.contents
    .map((each) => (each instanceof vscode.MarkdownString ? each.value : ""))
    .join("\n");
  assert.match(text, /guard `StringEqualsIfExists` on `aws:PrincipalOrgId`[^]*any AWS account/u);
}

async function fixing(): Promise<void> {
  const document = await opened("roles.tf");
  const found = await diagnostics(document.uri, 2);
  const finding = found.find((each) => codeOf(each) === "unusable-external-id");
  assert(finding, found.map(codeOf).join());
  const actions = await ask<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    finding.range,
  );
  const fix = actions.find((each) => each.title.startsWith("Fix unusable-external-id: "));
  assert(fix?.edit, `a fix among: ${actions.map((each) => each.title).join()}`);
  assert(await vscode.workspace.applyEdit(fix.edit));
  const line = document.getText().split("\n")[50] ?? "";
  assert.match(line, /Condition = \{ StringEquals = \{ "sts:ExternalId"/u);
  const [left, ...more] = await diagnostics(document.uri, 1);
  assert(left);
  assert.equal(codeOf(left), "open-subject");
  assert.equal(more.length, 0);
}

/** Emoji are two units of what editors count in, and one character. */
async function typing(): Promise<void> {
  const document = await opened("public.json");
  const [before] = await diagnostics(document.uri, 1);
  assert(before);
  const { start } = before.range;
  const edit = new vscode.WorkspaceEdit();
  const wave = `"\u{1F44B}\u{1F44B}": 1, `;
  const found = document.lineAt(start.line).text.search(/\S/u);
  edit.insert(document.uri, new vscode.Position(start.line, found), wave);
  assert(await vscode.workspace.applyEdit(edit));
  const moved = start.character + wave.length;
  const after = await until(document.uri, (each) =>
    each.some((one) => codeOf(one) === "public-trust" && one.range.start.character === moved),
  );
  const marked = after.find((each) => codeOf(each) === "public-trust");
  assert(marked);
  assert.equal(document.getText(marked.range), "*");
}

async function opened(name: string): Promise<vscode.TextDocument> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert(folder, "a folder is open");
  return vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, name));
}

function diagnostics(uri: vscode.Uri, count: number): Promise<vscode.Diagnostic[]> {
  return until(uri, (found) => found.length === count);
}

/** Wait until what is reported of a file is as said; in order of places. */
async function until(
  uri: vscode.Uri,
  done: (found: readonly vscode.Diagnostic[]) => boolean,
): Promise<vscode.Diagnostic[]> {
  const read = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri);
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (done(read())) {
        clearTimeout(timer);
        listening.dispose();
        resolve();
      }
    };
    const timer = setTimeout(() => {
      const told = read().map((each) => `${place(each)} ${codeOf(each)}`);
      reject(new Error(`${uri.path}: not as expected: ${told.join(", ")}`));
    }, SECONDS * 1000);
    const listening = vscode.languages.onDidChangeDiagnostics(look);
    look();
  });
  return [...read()].sort((a, b) => a.range.start.compareTo(b.range.start));
}

function codeOf(diagnostic: vscode.Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === "object" ? code.value : code);
}

function place({ range }: vscode.Diagnostic): string {
  return `${(range.start.line + 1).toString()}:${(range.start.character + 1).toString()}`;
}

async function ask<T>(command: string, ...given: unknown[]): Promise<T> {
  return await vscode.commands.executeCommand<T>(command, ...given);
}
