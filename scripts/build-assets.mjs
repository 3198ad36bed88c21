// Puts into static/vendor/ what the pages load: copies from node_modules and one sprite of the icons we use.
// The same input gives the same bytes.
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const vendor = join(root, "static", "vendor");

const copies = {
  "htmx.min.js": "htmx.org/dist/htmx.min.js",
  "hx-ptag.min.js": "htmx.org/dist/ext/hx-ptag.min.js",
  "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
};

// For documents that the server writes: Latin, Greek, Cyrillic and more, in one file each.
const fonts = {
  "dejavu-sans.ttf": "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
  "dejavu-sans-bold.ttf": "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf",
};

async function main() {
  const files = { ...(await copied()), ...(await asTheyAre(fonts)), "icons.svg": await sprite(await iconNames()) };
  await writeAll(files);
  const kilobytes = Math.round(Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1024);
  console.log(`static/vendor: ${Object.keys(files).length} files, ${kilobytes} kB`);
}

async function copied() {
  const texts = {};
  for (const [name, source] of Object.entries(copies)) {
    texts[name] = withoutSourceMap(await readFile(join(root, "node_modules", source), "utf8"));
  }
  return texts;
}

async function asTheyAre(sources) {
  const found = {};
  for (const [name, source] of Object.entries(sources)) {
    found[name] = await readFile(join(root, "node_modules", source));
  }
  return found;
}

// The maps stay behind, so browsers must not ask for them.
function withoutSourceMap(text) {
  return text.replace(/\n?(\/\/# sourceMappingURL=.*|\/\*# sourceMappingURL=.*\*\/)\s*$/, "\n");
}

async function iconNames() {
  const lines = (await readFile(join(root, "scripts", "icons.txt"), "utf8")).split("\n");
  return lines.map((line) => line.trim()).filter((line) => line && !line.startsWith("#")).sort();
}

async function sprite(names) {
  const symbols = await Promise.all(names.map(symbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

async function symbol(name) {
  const file = join(root, "node_modules", "@tabler", "icons", "icons", "outline", `${name}.svg`);
  const svg = await readFile(file, "utf8").catch(() => {
    throw new Error(`scripts/icons.txt names "${name}", which @tabler/icons does not have`);
  });
  const shapes = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  // Each icon begins with an empty frame that only its designers need.
  const drawn = shapes.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" \/>/, "").replace(/\s*\n\s*/g, "");
  const pen = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${pen}>${drawn}</symbol>`;
}

// Built beside its place: whoever serves it meanwhile sees the old set or the new one.
async function writeAll(files) {
  const fresh = `${vendor}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(fresh, name), text);
  }
  await rm(vendor, { recursive: true, force: true });
  await rename(fresh, vendor);
}

await main();
