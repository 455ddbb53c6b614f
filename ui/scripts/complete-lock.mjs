// Completes package-lock.json with the optional packages of platforms other than this one.
//
// `npm install` behind a registry that serves only some platforms leaves them out, and `npm ci`
// then refuses the lock file. Run after every change of dependencies: `npm run lock`.
import fs from "node:fs";

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(fs.readFileSync(file, "utf8"));
const SYSTEMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const PROCESSORS = ["arm64", "arm", "ia32", "ppc64", "riscv64", "s390x", "x64"];

/** Where a package named after its platform may be installed. */
function platform(name) {
  if (/wasm|wasi/.test(name)) return { cpu: ["wasm32"] };
  const where = {};
  const system = name === "fsevents" ? "darwin" : SYSTEMS.find((word) => name.includes(word));
  const processor = PROCESSORS.find((word) => new RegExp(`-${word}(-|$)`).test(name));
  if (system) where.os = [system];
  if (processor) where.cpu = [processor];
  if (name.endsWith("musl")) where.libc = ["musl"];
  else if (name.endsWith("-gnu")) where.libc = ["glibc"];
  return where;
}

for (const entry of Object.values(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    lock.packages[key] ??= {
      version: range.replace(/^[~^]/, ""),
      ...(entry.dev && { dev: true }),
      optional: true,
      ...platform(name),
    };
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
);
fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
