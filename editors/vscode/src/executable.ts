/** Where the language server is on this machine. */

import * as path from "node:path";

/** What is started: a program and the arguments before those of the user. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Where it was found, in words. */
  readonly origin: string;
}

/** What the search depends on; nothing of it is read from anywhere else. */
export interface Surroundings {
  /** The setting `iamlint.path`, with its variables filled in. */
  readonly path: string;
  /** The setting `iamlint.interpreter`, likewise. */
  readonly interpreter: string;
  /** The folders of the workspace, the first one first. */
  readonly folders: readonly string[];
  /** Whether the workspace may choose what is executed. */
  readonly trusted: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Whether that is a file that may be executed. */
  readonly executable: (file: string) => boolean;
}

/** `-P`: a folder `iamlint` beside the files that are judged must never be what is executed. */
const MODULE = ["-P", "-m", "iamlint", "lsp"];

/**
 * The server to start: by setting, then of the workspace's environment, then of the `PATH`.
 * A setting is taken at its word, so that a misspelt one is told and not passed over.
 */
export function findServer(around: Surroundings): Command | undefined {
  if (around.path !== "") {
    return { program: around.path, args: ["lsp"], origin: "iamlint.path" };
  }
  if (around.interpreter !== "") {
    return { program: around.interpreter, args: MODULE, origin: "iamlint.interpreter" };
  }
  const found = candidates(around).find((each) => around.executable(each.program));
  return found && { program: found.program, args: ["lsp"], origin: found.origin };
}

/** The interpreter that iamlint would be installed for: that of the workspace, else any. */
export function findInterpreter(around: Surroundings): string {
  if (around.interpreter !== "") {
    return around.interpreter;
  }
  const own = environments(around)
    .map((folder) => inEnvironment(around, folder, "python"))
    .find((file) => around.executable(file));
  return own ?? (around.platform === "win32" ? "py" : "python3");
}

interface Candidate {
  readonly program: string;
  readonly origin: string;
}

function candidates(around: Surroundings): Candidate[] {
  const own = environments(around).map((folder) => ({
    program: inEnvironment(around, folder, "iamlint"),
    origin: folder,
  }));
  const shared = searched(around).map((folder) => ({
    program: flavour(around).join(folder, withSuffix(around, "iamlint")),
    origin: "PATH",
  }));
  return [...own, ...shared];
}

/** The environments in the workspace: what is in there is executed, so only where it is trusted. */
function environments(around: Surroundings): string[] {
  if (!around.trusted) {
    return [];
  }
  const names = [".venv", "venv"];
  return around.folders.flatMap((folder) =>
    names.map((name) => flavour(around).join(folder, name)),
  );
}

/** The folders of the `PATH`. A relative one would depend on where the editor was started. */
function searched(around: Surroundings): string[] {
  const paths = flavour(around);
  const folders = (around.env.PATH ?? "")
    .split(paths.delimiter)
    .filter((folder) => paths.isAbsolute(folder));
  return around.trusted ? folders : folders.filter((folder) => !inWorkspace(around, folder));
}

function inWorkspace(around: Surroundings, folder: string): boolean {
  const paths = flavour(around);
  return around.folders.some((workspace) => {
    const way = paths.relative(workspace, folder);
    return way !== ".." && !way.startsWith(`..${paths.sep}`) && !paths.isAbsolute(way);
  });
}

function inEnvironment(around: Surroundings, folder: string, name: string): string {
  const bin = around.platform === "win32" ? "Scripts" : "bin";
  return flavour(around).join(folder, bin, withSuffix(around, name));
}

function withSuffix(around: Surroundings, name: string): string {
  return around.platform === "win32" ? `${name}.exe` : name;
}

function flavour(around: Surroundings): path.PlatformPath {
  return around.platform === "win32" ? path.win32 : path.posix;
}
