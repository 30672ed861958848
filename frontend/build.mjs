// Builds styles, scripts and the icon sprite into src/youying/static/build with hashed names and a manifest.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const STATIC = join(HERE, "../src/youying/static");
const OUT = join(STATIC, "build");
// Built aside and swapped at the end, so that a running server never meets half a build.
const FRESH = join(STATIC, `.build-${process.pid}`);
const ENTRIES = ["desk.ts", "portal.ts", "desk.css", "portal.css", "map.css"];

function iconNames() {
  const lines = readFileSync(join(HERE, "icons.txt"), "utf8").split("\n");
  return lines.map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
}

function symbol(name) {
  const svg = readFileSync(join(HERE, `node_modules/@tabler/icons/icons/outline/${name}.svg`), "utf8");
  const inside = svg.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
  return `<symbol id="${name}" viewBox="0 0 24 24">${inside.replace(/\s*\n\s*/g, "")}</symbol>`;
}

function writeSprite() {
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${iconNames().map(symbol).join("")}</svg>\n`;
  const hash = createHash("sha256").update(sprite).digest("hex").slice(0, 8).toUpperCase();
  writeFileSync(join(FRESH, `icons-${hash}.svg`), sprite);
  return `icons-${hash}.svg`;
}

function compress() {
  for (const name of readdirSync(FRESH).filter((name) => /\.(js|css|svg)$/.test(name))) {
    const body = readFileSync(join(FRESH, name));
    writeFileSync(join(FRESH, `${name}.gz`), gzipSync(body, { level: 9 }));
    writeFileSync(join(FRESH, `${name}.br`), brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  }
}

function namesOf(metafile) {
  const files = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint) continue;
    const entry = relative("src", output.entryPoint).replace(/\.ts$/, ".js");
    if (ENTRIES.includes(entry.replace(/\.js$/, ".ts")) || ENTRIES.includes(entry)) files[entry] = `build/${path.split("/").pop()}`;
  }
  return files;
}

rmSync(FRESH, { recursive: true, force: true });
mkdirSync(FRESH, { recursive: true });
const result = await build({
  absWorkingDir: HERE,
  entryPoints: ENTRIES.map((name) => `src/${name}`),
  outdir: FRESH,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2021", "chrome100", "firefox100", "safari15"],
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[name]-[hash]",
  assetNames: "asset-[name]-[hash]",
  loader: { ".png": "file", ".svg": "file" },
  minify: true,
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});
const files = { ...namesOf(result.metafile), "icons.svg": `build/${writeSprite()}` };
for (const name of [...ENTRIES.map((entry) => entry.replace(/\.ts$/, ".js")), "icons.svg"]) {
  if (!files[name]) throw new Error(`the build made no ${name}`);
}
compress();
writeFileSync(join(FRESH, "manifest.json"), JSON.stringify({ files, icons: iconNames() }, null, 1) + "\n");
const OLD = join(STATIC, `.old-${process.pid}`);
try {
  renameSync(OUT, OLD);
} catch (error) {
  if (error.code !== "ENOENT") throw error;
}
renameSync(FRESH, OUT);
rmSync(OLD, { recursive: true, force: true });
