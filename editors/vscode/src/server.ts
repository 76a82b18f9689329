/** The one process of the language server, and the client that talks to it. */

import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Disposable, DocumentSelector, LogOutputChannel } from "vscode";
import {
  CloseAction,
  DidChangeConfigurationNotification,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State as ClientState,
} from "vscode-languageclient/node";
import type { Command } from "./executable";
import { SECTION, argumentSetting, serverSettings } from "./settings";
import type { Status } from "./status";

/** Files that may hold roles, whatever language an extension or the user takes them for. */
export const SELECTOR = [
  ...["json", "jsonc", "yaml", "terraform", "terraform-vars", "opentofu", "opentofu-vars"].map(
    (language) => ({ scheme: "file", language }),
  ),
  { scheme: "file", pattern: "**/*.{json,yaml,yml,template,tf,tofu,tfvars}" },
  // Mistakes in a configuration are told, too.
  { scheme: "file", pattern: "**/{iamlint,pyproject}.toml" },
] satisfies DocumentSelector;

/** Starting failed; the message is the last that the process said. */
export class StartFailed extends Error {}

/** What iamlint begins an error with. */
const ERROR = "error: ";

/** How long the last words of a process that has ended may take to arrive, in milliseconds. */
const LAST_WORDS = 500;

/** A client that leaves it to us to say why the server did not start. */
class Client extends LanguageClient {
  started = false;

  override error(message: string, data?: unknown, show: boolean | "force" = true): void {
    super.error(message, data, this.started && show);
  }
}

/** A process that was started, until it is disposed of. */
export class Server implements Disposable {
  private readonly client: Client;
  private readonly usual: ErrorHandler;
  /** Why it ended, as far as it has said so. */
  private reason: string | undefined;
  private silent: Promise<void> = Promise.resolve();
  private ended = false;

  constructor(
    private readonly command: Command,
    log: LogOutputChannel,
    private readonly status: Status,
    folder: string,
  ) {
    const { program, args } = command;
    const words = [...args, ...argumentSetting()];
    log.info(`${command.origin}: ${[program, ...words].join(" ")}`);
    const run = { command: program, args: words, options: { cwd: folder } };
    this.client = new Client(SECTION, "iamlint", run, this.options(log));
    this.usual = this.client.createDefaultErrorHandler();
    this.client.onDidChangeState(({ newState }) => {
      this.changed(newState);
    });
  }

  /** Start, and come back when the server is ready. Raises {@link StartFailed}. */
  async start(): Promise<void> {
    this.status.show("starting", this.command.program);
    try {
      await this.client.start();
      this.client.started = true;
    } catch (error) {
      await Promise.race([this.silent, new Promise((resolve) => setTimeout(resolve, LAST_WORDS))]);
      const told = this.reason ?? (error instanceof Error ? error.message : String(error));
      throw new StartFailed(told.replace(ERROR, ""));
    }
  }

  /** Tell the server what is set now. */
  async tellSettings(): Promise<void> {
    if (this.client.isRunning()) {
      const settings = { [SECTION]: serverSettings() };
      await this.client.sendNotification(DidChangeConfigurationNotification.type, { settings });
    }
  }

  /** End the process. */
  async stop(): Promise<void> {
    this.ended = true;
    await this.client.dispose();
  }

  dispose(): void {
    this.stop().catch(() => undefined);
  }

  private options(log: LogOutputChannel): LanguageClientOptions {
    return {
      documentSelector: SELECTOR,
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: serverSettings(),
      errorHandler: {
        error: (error, message, count) => this.usual.error(error, message, count),
        // One that never got as far as to answer would end again: it is not restarted.
        closed: () =>
          this.client.started
            ? this.usual.closed()
            : { action: CloseAction.DoNotRestart, handled: true },
      },
      initializationFailedHandler: () => false,
      stdioOptions: {
        stdout: () => undefined,
        stderr: (input) => {
          this.listen(input, log);
        },
      },
      middleware: {
        workspace: {
          // `tellSettings` does, with the variables in them filled in.
          didChangeConfiguration: () => Promise.resolve(),
          configuration: (params, token, next) =>
            params.items.every((item) => item.section === SECTION)
              ? params.items.map(() => serverSettings())
              : next(params, token),
        },
      },
    };
  }

  private listen(input: Readable, log: LogOutputChannel): void {
    const lines = createInterface({ input, crlfDelay: Infinity });
    this.silent = new Promise((resolve) => lines.once("close", resolve));
    lines.on("line", (line) => {
      log.error(line);
      this.heard(line.trim());
    });
  }

  /** The first error of iamlint says why; of Python's it is the last line. */
  private heard(line: string): void {
    if (line !== "" && this.reason?.startsWith(ERROR) !== true) {
      this.reason = line;
    }
  }

  private changed(state: ClientState): void {
    if (state === ClientState.Running) {
      this.status.show("running");
    } else if (state === ClientState.Starting) {
      this.status.show("starting");
    } else if (!this.ended) {
      this.status.show("problem", this.reason ?? "the language server has ended");
    }
  }
}
