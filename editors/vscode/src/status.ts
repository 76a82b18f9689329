/** The item in the status bar (behind `{}`) that says how the server is and what it has found. */

import {
  type Disposable,
  type DocumentSelector,
  LanguageStatusSeverity,
  type LanguageStatusItem,
  type Uri,
  languages,
} from "vscode";

export type State = "starting" | "running" | "stopped" | "problem";

/** Shows a state; while the server runs, it counts its findings in all files. */
export class Status implements Disposable {
  private readonly item: LanguageStatusItem;
  private readonly watching: Disposable;
  private readonly counts = new Map<string, number>();
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
      if (ours.length === 0) {
        this.counts.delete(uri.toString());
      } else {
        this.counts.set(uri.toString(), ours.length);
      }
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
    const total = [...this.counts.values()].reduce((sum, each) => sum + each, 0);
    return total === 1 ? "1 finding" : `${total === 0 ? "no" : total.toString()} findings`;
  }
}
