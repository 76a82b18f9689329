/** The item in the status bar (behind `{}`) that says how the server is and what it has found. */

import {
  type Disposable,
  type DocumentSelector,
  LanguageStatusSeverity,
  type LanguageStatusItem,
  type Uri,
  languages,
} from "vscode";

interface Count {
  readonly findings: number;
  readonly others: number;
}

export type State = "starting" | "running" | "stopped" | "problem";

/** Shows a state; while the server runs, it counts its findings in all files. */
export class Status implements Disposable {
  private readonly item: LanguageStatusItem;
  private readonly watching: Disposable;
  private readonly counts = new Map<string, Count>();
  private state: State = "stopped";
  private detail = "";

  constructor(selector: DocumentSelector) {
    this.item = languages.createLanguageStatusItem("iamlint", selector);
    this.item.name = "iamlint";
    this.watching = languages.onDidChangeDiagnostics((event) => {
      this.count(event.uris);
    });
    this.draw();
  }

  /** Show a state, and where the server is or what its problem was. */
  show(state: State, detail = this.detail): void {
    this.state = state;
    this.detail = detail;
    this.draw();
  }

  dispose(): void {
    this.watching.dispose();
    this.item.dispose();
  }

  private count(uris: readonly Uri[]): void {
    for (const uri of uris) {
      const ours = languages.getDiagnostics(uri).filter((each) => each.source === "iamlint");
      // Findings have the page of their rule; what could not be judged has none.
      const findings = ours.filter((each) => typeof each.code === "object").length;
      this.counts.set(uri.toString(), { findings, others: ours.length - findings });
    }
    this.draw();
  }

  private draw(): void {
    const bad = this.state === "problem";
    this.item.text = this.state === "running" ? `iamlint: ${this.found()}` : `iamlint: ${this.state}`;
    this.item.detail = this.detail;
    this.item.busy = this.state === "starting";
    this.item.severity = bad ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    this.item.command = bad
      ? { command: "iamlint.showLog", title: "Show the Log" }
      : { command: "iamlint.restart", title: "Restart" };
  }

  private found(): string {
    let [findings, others] = [0, 0];
    for (const each of this.counts.values()) {
      findings += each.findings;
      others += each.others;
    }
    const first = `${findings === 0 ? "no" : findings.toString()} finding${findings === 1 ? "" : "s"}`;
    return others === 0 ? first : `${first}, ${others.toString()} other`;
  }
}
