// Builds the tests beside the extension, and runs them with node's own runner.
import { spawnSync } from "node:child_process";
import { buildSync } from "esbuild";

buildSync({
  entryPoints: ["test/quick.ts", "test/suite.ts"],
  outdir: "dist/test",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
});
const { status } = spawnSync(process.execPath, ["--test", "--test-reporter=spec", "dist/test/quick.js"], {
  stdio: "inherit",
});
process.exit(status ?? 1);
