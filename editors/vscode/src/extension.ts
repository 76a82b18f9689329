/** Starts iamlint's language server for a window of VS Code, and says how it is. */

import { accessSync, constants, statSync } from "node:fs";
import { type ExtensionContext, commands, env, window, workspace } from "vscode";
import { type Surroundings, findInterpreter, findServer } from "./executable";
import { SELECTOR, Server, StartFailed } from "./server";
import { OF_THE_PROCESS, SECTION, pathSetting } from "./settings";
import { Status } from "./status";

/** The package to install, as pip takes it. */
const PACKAGE = "iamlint[lsp]";

let running: Extension | undefined;

/** Called by VS Code once a file that may hold roles is open. */
export async function activate(context: ExtensionContext): Promise<void> {
  running = new Extension(context);
  await running.restart();
}

/** Called by VS Code when the window is closed. */
export async function deactivate(): Promise<void> {
  await running?.stop();
  running = undefined;
}

class Extension {
  private readonly log = window.createOutputChannel("iamlint", { log: true });
  private readonly status = new Status(SELECTOR);
  private server: Server | undefined;
  /** Starts and stops happen one after the other, in the order in which they were asked for. */
  private queue: Promise<void> = Promise.resolve();
  private told = false;

  constructor(private readonly context: ExtensionContext) {
    context.subscriptions.push(
      this.log,
      this.status,
      commands.registerCommand("iamlint.restart", () => {
        this.told = false;
        return this.restart();
      }),
      commands.registerCommand("iamlint.showLog", () => {
        this.log.show();
      }),
      workspace.onDidGrantWorkspaceTrust(() => this.restart()),
      workspace.onDidChangeConfiguration((event) => {
        if (OF_THE_PROCESS.some((name) => event.affectsConfiguration(name))) {
          return this.restart();
        }
        return event.affectsConfiguration(SECTION) ? this.server?.tellSettings() : undefined;
      }),
    );
  }

  restart(): Promise<void> {
    return this.next(async () => {
      await this.end();
      await this.begin();
    });
  }

  stop(): Promise<void> {
    return this.next(() => this.end());
  }

  private next(work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work).catch((error: unknown) => {
      this.log.error(String(error));
    });
    return this.queue;
  }

  private async end(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    await server?.stop();
    this.status.show("stopped");
  }

  private async begin(): Promise<void> {
    const around = surroundings();
    const command = findServer(around);
    if (command === undefined) {
      this.problem("not installed", `iamlint is not installed where VS Code finds it.`, around);
      return;
    }
    this.server = new Server(command, this.log, this.status, this.context.extensionPath);
    try {
      await this.server.start();
    } catch (error) {
      const reason = error instanceof StartFailed ? error.message : String(error);
      this.problem(reason, `${command.program} (${command.origin}) did not start: ${reason}`, around);
    }
  }

  /** Say a problem in the status, and once in a message. */
  private problem(short: string, message: string, around: Surroundings): void {
    this.status.show("problem", short);
    this.log.error(message);
    if (!this.told) {
      this.told = true;
      this.ask(message, around).catch((error: unknown) => {
        this.log.error(String(error));
      });
    }
  }

  private async ask(message: string, around: Surroundings): Promise<void> {
    const install = `${quoted(findInterpreter(around))} -m pip install "${PACKAGE}"`;
    const buttons = ["Install…", "Copy Command", "Settings", "Show Log"] as const;
    const chosen = await window.showErrorMessage(`${message} To install it: ${install}`, ...buttons);
    if (chosen === "Install…") {
      const terminal = window.createTerminal("iamlint");
      terminal.show();
      // Left for the user to look at and to send off.
      terminal.sendText(install, false);
    } else if (chosen === "Copy Command") {
      await env.clipboard.writeText(install);
    } else if (chosen === "Settings") {
      await commands.executeCommand("workbench.action.openSettings", "iamlint");
    } else if (chosen === "Show Log") {
      this.log.show();
    }
  }
}

function surroundings(): Surroundings {
  return {
    path: pathSetting("path"),
    interpreter: pathSetting("interpreter"),
    folders: (workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
    trusted: workspace.isTrusted,
    env: process.env,
    platform: process.platform,
    executable,
  };
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function quoted(program: string): string {
  return /\s/u.test(program) ? `"${program}"` : program;
}
