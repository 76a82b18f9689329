/** What the user has set, as the extension and the server read it. */

import * as os from "node:os";
import { workspace } from "vscode";

export const SECTION = "iamlint";

/** The settings whose change needs another process. */
export const OF_THE_PROCESS = ["path", "interpreter", "arguments"].map((name) => `${SECTION}.${name}`);

/** Settings that the server understands; `null` leaves the choice to the project's configuration. */
export interface ServerSettings {
  readonly level: string | null;
  readonly config: string | null;
  readonly onChange: boolean;
  readonly debounce: number;
}

/** Read what the server is told; it has one set of settings for a window. */
export function serverSettings(): ServerSettings {
  const read = workspace.getConfiguration(SECTION);
  return {
    level: read.get<string | null>("level", null),
    config: filled(read.get<string | null>("config", null) ?? "") || null,
    onChange: read.get<boolean>("onChange", true),
    debounce: read.get<number>("debounce", 150),
  };
}

/** Read a setting that is a path. */
export function pathSetting(name: "path" | "interpreter"): string {
  return filled(workspace.getConfiguration(SECTION).get<string>(name, "").trim());
}

/** Read the further arguments of the server. */
export function argumentSetting(): string[] {
  return workspace.getConfiguration(SECTION).get<string[]>("arguments", []);
}

/** A path with what may stand at its beginning filled in. */
function filled(text: string): string {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  const home = text.replace(/^~(?=$|[/\\])/u, () => os.homedir());
  return folder === undefined ? home : home.replaceAll("${workspaceFolder}", () => folder);
}
