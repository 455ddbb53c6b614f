// Writes the bill of materials of the packages: CycloneDX 1.6, the Rust crates that the three programs are
// built from and the npm packages inside the window. The same lock files always give the same bytes: no
// time, and a serial number made from the content.
//
//   node xtask/sbom.mjs OUTPUT
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const target = "x86_64-unknown-linux-gnu";
const programs = ["crosswalk", "crosswalk-cli", "crosswalk-mapping"];
const byKey = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Crates with their checksums, and which crate is built from which. */
function rust() {
  const metadata = JSON.parse(
    execFileSync(
      "cargo",
      ["metadata", "--format-version=1", "--locked", `--filter-platform=${target}`, "--features=crosswalk/custom-protocol"],
      { cwd: root, maxBuffer: 1 << 30, stdio: ["ignore", "pipe", "inherit"] },
    ),
  );
  const checksums = new Map(
    fs
      .readFileSync(path.join(root, "Cargo.lock"), "utf8")
      .split("[[package]]")
      .map((entry) => Object.fromEntries([...entry.matchAll(/^(name|version|checksum) = "(.*)"$/gm)].map((m) => [m[1], m[2]])))
      .filter((entry) => entry.checksum)
      .map((entry) => [`${entry.name}@${entry.version}`, entry.checksum]),
  );
  const packages = new Map(metadata.packages.map((one) => [one.id, one]));
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]));
  const reference = (id) => `pkg:cargo/${packages.get(id).name}@${packages.get(id).version}`;

  // What runs (normal dependencies) and, from there, what only builds it.
  const within = (kinds, from) => {
    const seen = new Set(from);
    const queue = [...seen];
    while (queue.length > 0) {
      for (const dep of nodes.get(queue.pop()).deps) {
        if (!dep.dep_kinds.some(({ kind }) => kinds.includes(kind)) || seen.has(dep.pkg)) continue;
        if (!kinds.includes("build") && isMacro(packages.get(dep.pkg))) continue;
        seen.add(dep.pkg);
        queue.push(dep.pkg);
      }
    }
    return seen;
  };
  const isMacro = (one) => one.targets.some(({ kind }) => kind.includes("proc-macro"));
  const roots = metadata.packages.filter((one) => programs.includes(one.name) && !one.source).map((one) => one.id);
  const runs = within([null], roots);
  const all = within([null, "build"], runs);

  const components = [...all].map((id) => {
    const one = packages.get(id);
    const checksum = checksums.get(`${one.name}@${one.version}`);
    return {
      type: "library",
      "bom-ref": reference(id),
      name: one.name,
      version: one.version,
      ...(one.description && { description: one.description.trim().replace(/\s+/g, " ") }),
      scope: runs.has(id) ? "required" : "excluded",
      ...(checksum && { hashes: [{ alg: "SHA-256", content: checksum }] }),
      ...(one.license && { licenses: [{ expression: one.license.replaceAll("/", " OR ").replace(/\s+/g, " ") }] }),
      purl: reference(id),
    };
  });
  const dependencies = [...all].map((id) => ({
    ref: reference(id),
    dependsOn: nodes
      .get(id)
      .deps.filter((dep) => all.has(dep.pkg))
      .map((dep) => reference(dep.pkg)),
  }));
  const version = packages.get(roots[0]).version;
  return { components, dependencies, roots: roots.map(reference), version };
}

/** The npm packages that end up in the window; what only builds or tests it is not shipped. */
function npm() {
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, "ui/package-lock.json"), "utf8"));
  const shipped = Object.entries(packages).filter(([key, one]) => key && !one.dev && !one.devOptional && !(one.optional && one.os));
  const name = (key) => key.slice(key.lastIndexOf("node_modules/") + "node_modules/".length);
  const reference = (key) => `pkg:npm/${name(key).replace("@", "%40")}@${packages[key].version}`;
  // Node's rule: the nearest node_modules upwards.
  const resolve = (from, wanted) => {
    for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
      const key = `${at ? `${at}/` : ""}node_modules/${wanted}`;
      if (packages[key]) return key;
      if (!at) return undefined;
    }
  };
  const components = shipped.map(([key, one]) => ({
    type: "library",
    "bom-ref": reference(key),
    name: name(key),
    version: one.version,
    scope: "required",
    ...(one.integrity?.startsWith("sha512-") && {
      hashes: [{ alg: "SHA-512", content: Buffer.from(one.integrity.slice(7), "base64").toString("hex") }],
    }),
    ...(one.license && { licenses: [{ expression: one.license }] }),
    purl: reference(key),
  }));
  const keys = new Set(shipped.map(([key]) => key));
  const edges = (from, wanted) =>
    Object.keys(wanted ?? {})
      .map((one) => resolve(from, one))
      .filter((key) => keys.has(key))
      .map(reference);
  const dependencies = shipped.map(([key, one]) => ({
    ref: reference(key),
    dependsOn: edges(key, { ...one.dependencies, ...one.peerDependencies, ...one.optionalDependencies }),
  }));
  return { components, dependencies, roots: edges("", packages[""].dependencies) };
}

const crates = rust();
const modules = npm();
const product = `pkg:generic/crosswalk@${crates.version}`;
const edges = new Map();
for (const { ref, dependsOn } of [
  { ref: product, dependsOn: [...crates.roots, ...modules.roots] },
  ...crates.dependencies,
  ...modules.dependencies,
]) {
  edges.set(ref, new Set([...(edges.get(ref) ?? []), ...dependsOn.filter((to) => to !== ref)]));
}
const unique = new Map([...crates.components, ...modules.components].map((one) => [one["bom-ref"], one]));
const bom = {
  $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  version: 1,
  metadata: {
    component: {
      type: "application",
      "bom-ref": product,
      name: "crosswalk",
      version: crates.version,
      licenses: [{ expression: "Apache-2.0" }],
      purl: product,
    },
  },
  components: [...unique.values()].sort((a, b) => byKey(a["bom-ref"], b["bom-ref"])),
  dependencies: [...edges]
    .map(([ref, to]) => ({ ref, dependsOn: [...to].sort(byKey) }))
    .sort((a, b) => byKey(a.ref, b.ref)),
};
// An RFC 9562 version 8 UUID: the digest, with the version and variant bits set.
const digest = createHash("sha256").update(JSON.stringify(bom)).digest("hex");
const variant = ((Number.parseInt(digest[16], 16) & 3) | 8).toString(16);
const uuid = [digest.slice(0, 8), digest.slice(8, 12), `8${digest.slice(13, 16)}`, variant + digest.slice(17, 20), digest.slice(20, 32)].join("-");
const { $schema, bomFormat, specVersion, ...rest } = bom;
const text = `${JSON.stringify({ $schema, bomFormat, specVersion, serialNumber: `urn:uuid:${uuid}`, ...rest }, null, 1)}\n`;
const output = process.argv[2];
fs.mkdirSync(path.dirname(output), { recursive: true });
fs.writeFileSync(output, text);
console.log(`${unique.size} components: ${crates.components.length} crates, ${modules.components.length} npm packages.`);
