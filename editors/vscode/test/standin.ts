/**
 * Stands in for the module `vscode`, where VS Code itself is not: documents, settings, diagnostics,
 * providers and messages, as far as the extension and `vscode-languageclient` ask for them. Its
 * values (positions, ranges, documents, edits …) are those of VS Code, by `jest-mock-vscode`.
 */

import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { createTextDocument, createVSCodeMock } from "jest-mock-vscode";
import type * as vscode from "vscode";

type Disposable = vscode.Disposable;
type Provider<T> = readonly [vscode.DocumentSelector, T];
type Settings = Record<string, unknown>;
interface Editable extends vscode.TextDocument {
  version: number;
}

/** The module, and what a person at the editor would do and see. */
export interface StandIn {
  readonly api: typeof vscode;
  /** Messages that were shown, with their buttons. */
  readonly messages: { readonly text: string; readonly buttons: readonly string[] }[];
  /** What was written to the log. */
  readonly log: string[];
  /** What was typed into terminals and not sent off. */
  readonly typed: string[];
  readonly status: vscode.LanguageStatusItem;
  /** The button that is pressed on the next message. */
  press: string | undefined;
  set(name: string, value: unknown): void;
  trust(): void;
}

const values = createVSCodeMock({ fn: (work?: () => unknown) => work ?? (() => undefined) } as never);
const { EventEmitter, Uri } = values;
const nothing = { dispose: () => undefined };
const event = () => nothing;

/** A window on a folder, in which nothing has been opened yet. */
export function standIn(folder: string, settings: Settings, trusted = true): StandIn {
  const self = {
    messages: [] as StandIn["messages"],
    log: [] as string[],
    typed: [] as string[],
    press: undefined as string | undefined,
    status: {} as vscode.LanguageStatusItem,
  };
  const places = new Workspace(folder, settings, trusted);
  const languages = new Languages(self);
  const handlers = new Map<string, (...given: unknown[]) => unknown>();
  const api = {
    ...values,
    ...classes(),
    version: "1.91.0",
    env: {
      appName: "stand-in",
      language: "en",
      clipboard: { writeText: (text: string) => Promise.resolve(self.typed.push(text)) },
    },
    extensions: { getExtension: () => undefined },
    workspace: places.api(),
    languages: languages.api(),
    window: windowOf(self),
    commands: {
      registerCommand: (name: string, work: () => unknown) => {
        handlers.set(name, work);
        return { dispose: () => handlers.delete(name) };
      },
      executeCommand: async (name: string, ...given: unknown[]) => {
        const work = handlers.get(name) ?? languages.command(name, places.documents);
        return await (work as (...words: unknown[]) => unknown)(...given);
      },
    },
  };
  return Object.assign(self, {
    api: api as unknown as typeof vscode,
    set: (name: string, value: unknown) => {
      places.set(name, value);
    },
    trust: () => {
      places.trust();
    },
  });
}

class Workspace {
  readonly documents: Editable[] = [];
  private readonly opened = new EventEmitter<vscode.TextDocument>();
  private readonly closed = new EventEmitter<vscode.TextDocument>();
  private readonly saved = new EventEmitter<vscode.TextDocument>();
  private readonly changed = new EventEmitter<vscode.TextDocumentChangeEvent>();
  private readonly configured = new EventEmitter<vscode.ConfigurationChangeEvent>();
  private readonly trusting = new EventEmitter<void>();

  constructor(
    private readonly folder: string,
    private readonly settings: Settings,
    private trusted: boolean,
  ) {}

  set(name: string, value: unknown): void {
    this.settings[name] = value;
    const affectsConfiguration = (section: string): boolean =>
      name === section || name.startsWith(`${section}.`);
    this.configured.fire({ affectsConfiguration });
  }

  trust(): void {
    this.trusted = true;
    this.trusting.fire();
  }

  api(): Partial<typeof vscode.workspace> {
    const uri = Uri.file(this.folder);
    const folders = [{ uri, name: path.basename(this.folder), index: 0 }];
    const trusted = (): boolean => this.trusted;
    return {
      textDocuments: this.documents,
      notebookDocuments: [],
      get isTrusted() {
        return trusted();
      },
      workspaceFolders: folders,
      getWorkspaceFolder: () => folders[0],
      getConfiguration: (section) => this.configuration(section ?? ""),
      openTextDocument: (what: unknown) => Promise.resolve(this.open(what as vscode.Uri)),
      applyEdit: (edit) => Promise.resolve(this.apply(edit)),
      onDidOpenTextDocument: this.opened.event,
      onDidCloseTextDocument: this.closed.event,
      onDidSaveTextDocument: this.saved.event,
      onDidChangeTextDocument: this.changed.event,
      onDidChangeConfiguration: this.configured.event,
      onDidGrantWorkspaceTrust: this.trusting.event,
      onDidChangeWorkspaceFolders: event,
      onWillSaveTextDocument: event,
      createFileSystemWatcher: () =>
        ({ ...nothing, onDidChange: event, onDidCreate: event, onDidDelete: event }) as never,
    };
  }

  private configuration(section: string): vscode.WorkspaceConfiguration {
    const full = (name: string): string => (section === "" ? name : `${section}.${name}`);
    const get = (name: string, otherwise?: unknown): unknown => this.settings[full(name)] ?? otherwise;
    return { get, has: (name: string) => full(name) in this.settings } as never;
  }

  private open(uri: vscode.Uri): vscode.TextDocument {
    const known = this.documents.find((each) => each.uri.toString() === uri.toString());
    if (known !== undefined) {
      return known;
    }
    const language = path.extname(uri.fsPath).slice(1);
    const document = createTextDocument(uri, readFileSync(uri.fsPath, "utf8"), language) as Editable;
    document.save = () => {
      writeFileSync(uri.fsPath, document.getText());
      this.saved.fire(document);
      return Promise.resolve(true);
    };
    this.documents.push(document);
    this.opened.fire(document);
    return document;
  }

  private apply(edit: vscode.WorkspaceEdit): boolean {
    for (const [uri, edits] of edit.entries()) {
      const document = this.open(uri) as Editable;
      const later = [...edits].sort((a, b) => b.range.start.compareTo(a.range.start));
      const contentChanges = later.map((each) => this.replace(document, each));
      document.version += 1;
      this.changed.fire({ document, contentChanges, reason: undefined });
    }
    return true;
  }

  private replace(document: Editable, edit: vscode.TextEdit): vscode.TextDocumentContentChangeEvent {
    const start = document.offsetAt(edit.range.start);
    const end = document.offsetAt(edit.range.end);
    const old = document.getText();
    const setContents = (document.constructor as never as { setContents: (d: unknown, t: string) => void })
      .setContents;
    setContents(document, old.slice(0, start) + edit.newText + old.slice(end));
    return { range: edit.range, rangeOffset: start, rangeLength: end - start, text: edit.newText };
  }
}

class Languages {
  private readonly reported = new Map<string, readonly vscode.Diagnostic[]>();
  private readonly changed = new EventEmitter<vscode.DiagnosticChangeEvent>();
  private readonly hovers: Provider<vscode.HoverProvider>[] = [];
  private readonly actions: Provider<vscode.CodeActionProvider>[] = [];

  constructor(private readonly shown: { status: vscode.LanguageStatusItem }) {}

  api(): Partial<typeof vscode.languages> {
    return {
      match: (selector, document) => (matches(selector, document) ? 10 : 0),
      onDidChangeDiagnostics: this.changed.event,
      createDiagnosticCollection: () => this.collection() as never,
      getDiagnostics: ((uri: vscode.Uri) => [...(this.reported.get(uri.toString()) ?? [])]) as never,
      registerHoverProvider: (...given) => registered(this.hovers, given),
      registerCodeActionsProvider: (selector, provider) =>
        registered(this.actions, [selector, provider]),
      createLanguageStatusItem: () => {
        this.shown.status = { ...nothing } as vscode.LanguageStatusItem;
        return this.shown.status;
      },
    };
  }

  /** A built-in command of VS Code that asks the providers. */
  command(name: string, documents: readonly vscode.TextDocument[]): (...given: never[]) => unknown {
    const find = (uri: vscode.Uri): vscode.TextDocument => {
      const found = documents.find((each) => each.uri.toString() === uri.toString());
      if (found === undefined) {
        throw new Error(`not open: ${uri.toString()}`);
      }
      return found;
    };
    const token = new Source().token;
    if (name === "vscode.executeHoverProvider") {
      return (uri: vscode.Uri, place: vscode.Position) =>
        asked(this.hovers, find(uri), (each) => each.provideHover(find(uri), place, token));
    }
    if (name === "vscode.executeCodeActionProvider") {
      return async (uri: vscode.Uri, range: vscode.Range) => {
        const all = this.reported.get(uri.toString()) ?? [];
        const diagnostics = all.filter((each) => each.range.intersection(range) !== undefined);
        const context = { diagnostics, only: undefined, triggerKind: 1 };
        const found = await asked(this.actions, find(uri), (each) =>
          each.provideCodeActions(find(uri), range, context as never, token),
        );
        return found.flat();
      };
    }
    throw new Error(`no command ${name}`);
  }

  private collection(): Record<string, unknown> {
    const set = (uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[] | undefined): void => {
      this.reported.set(uri.toString(), diagnostics ?? []);
      this.changed.fire({ uris: [uri] });
    };
    const clear = (): void => {
      for (const uri of [...this.reported.keys()]) {
        set(Uri.parse(uri), []);
      }
    };
    return { name: "iamlint", set, delete: set, clear, dispose: clear };
  }
}

async function asked<P, T>(
  providers: readonly Provider<P>[],
  document: vscode.TextDocument,
  ask: (provider: P) => vscode.ProviderResult<T>,
): Promise<T[]> {
  const found: T[] = [];
  for (const [selector, provider] of providers) {
    const answer = matches(selector, document) ? await ask(provider) : undefined;
    if (answer !== undefined && answer !== null) {
      found.push(answer);
    }
  }
  return found;
}

function registered<T>(providers: Provider<T>[], given: Provider<T>): Disposable {
  providers.push(given);
  return new values.Disposable(() => providers.splice(providers.indexOf(given), 1));
}

function matches(selector: vscode.DocumentSelector, document: vscode.TextDocument): boolean {
  const filters = (Array.isArray(selector) ? selector : [selector]) as vscode.DocumentFilter[];
  const kind = path.extname(document.uri.fsPath).slice(1);
  return filters.some(
    ({ language, pattern, scheme }) =>
      (scheme === undefined || scheme === document.uri.scheme) &&
      (language === undefined || language === document.languageId) &&
      (pattern === undefined || JSON.stringify(pattern).includes(kind)),
  );
}

function windowOf(self: { messages: unknown[]; log: string[]; typed: string[]; press: unknown }): unknown {
  const say = (text: string, ...buttons: string[]): Promise<unknown> => {
    self.messages.push({ text, buttons });
    const pressed = self.press;
    self.press = undefined;
    return Promise.resolve(pressed);
  };
  const note = (text: string): void => {
    self.log.push(text);
  };
  return {
    showErrorMessage: say,
    showWarningMessage: say,
    showInformationMessage: say,
    activeTextEditor: undefined,
    visibleTextEditors: [],
    tabGroups: { all: [], onDidChangeTabs: event },
    onDidChangeActiveTextEditor: event,
    onDidChangeVisibleTextEditors: event,
    createOutputChannel: () => ({
      ...nothing,
      ...Object.fromEntries(
        ["append", "appendLine", "trace", "debug", "info", "warn", "error"].map((name) => [name, note]),
      ),
      logLevel: 2,
      onDidChangeLogLevel: event,
      show: () => undefined,
    }),
    createTerminal: () => ({
      show: () => undefined,
      sendText: (text: string, send: boolean) => {
        if (!send) {
          self.typed.push(text);
        }
      },
    }),
  };
}

class Source {
  private readonly emitter = new EventEmitter<void>();
  readonly token = { isCancellationRequested: false, onCancellationRequested: this.emitter.event };

  cancel(): void {
    this.token.isCancellationRequested = true;
    this.emitter.fire();
  }

  dispose(): void {
    this.emitter.dispose();
  }
}

/** What `jest-mock-vscode` has not. */
function classes(): Record<string, unknown> {
  class Hover {
    readonly contents: unknown[];
    constructor(
      contents: unknown,
      readonly range?: vscode.Range,
    ) {
      this.contents = Array.isArray(contents) ? contents : [contents];
    }
  }
  class WorkspaceEdit extends values.WorkspaceEdit {
    override set(uri: vscode.Uri, edits: never[]): void {
      const plain = edits.map((each) => (Array.isArray(each) ? (each as unknown[])[0] : each));
      super.set(uri, plain as never[]);
    }
  }
  return {
    Hover,
    WorkspaceEdit,
    CancellationTokenSource: Source,
    CancellationError: class extends Error {},
    InlayHint: class extends values.Position {},
    RelativePattern: class extends values.Position {},
    LanguageStatusSeverity: { Information: 0, Warning: 1, Error: 2 },
    CodeActionTriggerKind: { Invoke: 1, Automatic: 2 },
  };
}
