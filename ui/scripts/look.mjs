// Takes a picture of every screen over the made-up workspace, light and dark, and asks axe about each as it is drawn
// (contrast needs layout, which the unit tests do not have). Prints what it finds; fails when it finds something.
//
//   npm run look -- FOLDER [PART-OF-A-NAME]        CHROMIUM names the browser, /usr/bin/chromium by default
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createServer } from "vite";

const [folder = "looks", only = ""] = process.argv.slice(2);
const WIDTH = 1440;
const HEIGHT = 900;
const NODES = 1500;

/** Name, place, made-up world, and what to press or click before looking. */
const SCREENS = JSON.parse(fs.readFileSync(new URL("./screens.json", import.meta.url), "utf8"));

fs.mkdirSync(folder, { recursive: true });
const server = await createServer({ server: { port: 0, strictPort: false }, logLevel: "error" });
await server.listen();
const address = server.httpServer.address();
const origin = `http://localhost:${address.port}`;

const profile = fs.mkdtempSync(path.join(os.tmpdir(), "look-"));
const browser = spawn(
  process.env.CHROMIUM ?? "/usr/bin/chromium",
  [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    `--user-data-dir=${profile}`,
    "about:blank",
  ],
  { stdio: ["ignore", "ignore", "pipe"] },
);
const endpoint = await new Promise((resolve, reject) => {
  let said = "";
  browser.stderr.on("data", (chunk) => {
    said += chunk;
    const match = /DevTools listening on (ws:\S+)/.exec(said);
    if (match) resolve(match[1]);
  });
  browser.on("exit", () => reject(new Error(`the browser ended: ${said}`)));
});

const socket = new WebSocket(endpoint);
await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
let last = 0;
const waiting = new Map();
socket.addEventListener("message", ({ data }) => {
  const { id, result, error } = JSON.parse(data);
  const entry = waiting.get(id);
  if (!entry) return;
  waiting.delete(id);
  if (error) entry.reject(new Error(error.message));
  else entry.resolve(result);
});
function send(method, params = {}, sessionId) {
  last += 1;
  const id = last;
  socket.send(JSON.stringify({ id, method, params, sessionId }));
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const axe = fs.readFileSync(
  new URL("../node_modules/axe-core/axe.min.js", import.meta.url),
  "utf8",
);
let found = 0;
for (const { name, place, world = "full", steps = [] } of SCREENS.filter((screen) =>
  screen.name.includes(only),
)) {
  for (const scheme of ["light", "dark"]) {
    const { targetId } = await send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
    const page = (method, params) => send(method, params, sessionId);
    const evaluate = async (expression) => {
      const { result, exceptionDetails } = await page("Runtime.evaluate", {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? "failed");
      return result.value;
    };
    await page("Emulation.setDeviceMetricsOverride", {
      width: WIDTH,
      height: HEIGHT,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await page("Emulation.setEmulatedMedia", {
      features: [
        { name: "prefers-color-scheme", value: scheme },
        { name: "prefers-reduced-motion", value: "reduce" },
      ],
    });
    await page("Page.navigate", { url: `${origin}/${world}#${place}` });
    for (let tries = 0; tries < 100; tries += 1) {
      await pause(100);
      if (await evaluate("!!document.querySelector('h1')").catch(() => false)) break;
    }
    await pause(600);
    for (const step of steps) {
      await evaluate(step);
      await pause(350);
    }
    const shot = await page("Page.captureScreenshot", { format: "png" });
    fs.writeFileSync(path.join(folder, `${name}-${scheme}.png`), Buffer.from(shot.data, "base64"));
    await evaluate(`${axe};0`);
    const problems = await evaluate(
      `axe.run(document, {resultTypes: ["violations"]}).then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.html.slice(0, 160) + " " + (n.any[0]?.message ?? ""))))`,
    );
    const nodes = await evaluate("document.querySelectorAll('*').length");
    if (nodes > NODES) problems.push(`${nodes} DOM nodes`);
    const wide = await evaluate("document.documentElement.scrollWidth > innerWidth");
    if (wide) problems.push("wider than the window");
    found += problems.length;
    console.log(`${name} ${scheme}: ${nodes} nodes, ${problems.length} problems`);
    for (const problem of problems) console.log(`  ${problem}`);
    await send("Target.closeTarget", { targetId });
  }
}
const ended = new Promise((resolve) => browser.once("exit", resolve));
await send("Browser.close").catch(() => browser.kill());
await ended;
await server.close();
fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
process.exit(found > 0 ? 1 : 0);
