import { existsSync, watch as watchFolder } from 'node:fs';
import { copyFile, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { context } from 'esbuild';
import { bundledPackages, licenceTexts } from './scripts/lib/licences.mjs';
import { writeStarterData } from './scripts/lib/starter-data.mjs';
import { unpoisonPlugin } from './scripts/lib/unpoison.mjs';

const root = import.meta.dirname ?? resolve('.');
const dist = join(root, 'dist');

/** Plain for devices without WebGPU, jspi where the browser can suspend WebAssembly, asyncify for the rest. */
const ortFiles = ['', '.jspi', '.asyncify'].flatMap((variant) =>
  ['mjs', 'wasm'].map((extension) => `ort-wasm-simd-threaded${variant}.${extension}`),
);
const workers = ['inference', 'training'];

/** Elements and `connect()` as one script with a short address. */
const forAnyPage = { in: 'packages/elements/src/cognate.ts', out: 'cognate' };

/** @type {import('esbuild').BuildOptions} */
const shared = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  // For browsers that have neither yet: esbuild's `using` looks for these in their place.
  banner: {
    js: "Symbol.dispose??=Symbol.for('Symbol.dispose');Symbol.asyncDispose??=Symbol.for('Symbol.asyncDispose');",
  },
  minify: true,
  sourcemap: true,
  legalComments: 'linked',
  logLevel: 'warning',
  metafile: true,
  outdir: dist,
  outbase: root,
};

/**
 * Builds the site into `dist/`: pages, workers, inference runtime and starter data.
 *
 * @param {{ log?: (line: string) => void, watch?: boolean }} [options] with `watch`, returns after the first build and
 * builds again when a source changes.
 */
export async function build({ log = console.log, watch = false } = {}) {
  await rm(join(dist, 'assets'), { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  log(`  starter: ${await writeStarterData(root, join(dist, 'starter'))}`);
  await copyOrt();
  log(`  ort: ${ortFiles.length} files of onnxruntime-web`);

  const steps = [await prepareWorkers(log), await preparePages(log)];
  const rebuild = async () => {
    const metafiles = [];
    for (const step of steps) metafiles.push(await step.rebuild());
    const packages = [...bundledPackages(metafiles), 'onnxruntime-web'];
    await writeFile(join(dist, 'LICENCES.txt'), await licenceTexts(root, [...new Set(packages)].sort()));
  };
  try {
    await rebuild();
  } finally {
    if (!watch) for (const step of steps) await step.dispose();
  }
  if (watch) watchSources(rebuild, log);
}

/** Workers are entry points of their own: esbuild leaves `new Worker(new URL(...))` as it is. */
async function prepareWorkers(log) {
  const sources = workers.map((name) => `web-workers/${name}.worker.ts`);
  const entryPoints = sources.filter((file) => existsSync(join(root, file)));
  for (const file of sources) if (!entryPoints.includes(file)) log(`  skipped: ${file} does not exist`);
  const build = await context({
    ...shared,
    entryPoints,
    outbase: join(root, 'web-workers'),
    outdir: join(dist, 'workers'),
    // The runtime's glue code stays a file of its own: its threads would load the whole worker again otherwise.
    conditions: ['onnxruntime-web-use-extern-wasm'],
    plugins: [unpoisonPlugin],
  });
  return {
    async rebuild() {
      const { metafile } = await build.rebuild();
      log(`  workers: ${sizes(metafile)}`);
      return metafile;
    },
    dispose: () => build.dispose(),
  };
}

/**
 * Pages are the HTML files of demos/: `home` becomes the root, any other folder keeps its name. Scripts and style sheets
 * that a page names by their source (`./main.ts`, `../page.css`) become entry points, and the page names what was built.
 */
async function preparePages(log) {
  let pages = await findPages();
  const entries = () => [...new Set(pages.flatMap(({ html, folder }) => [...references(html, folder)]))];
  const start = (files) =>
    context({
      ...shared,
      entryPoints: [...files.filter((file) => /\.(ts|css)$/.test(file)), forAnyPage],
      splitting: true,
      entryNames: 'assets/[dir]/[name]',
      chunkNames: 'assets/chunks/[name]-[hash]',
      assetNames: 'assets/files/[name]-[hash]',
      loader: { '.svg': 'file', '.png': 'file', '.woff2': 'file' },
    });
  let files = entries();
  let build = await start(files);
  return {
    async rebuild() {
      pages = await findPages();
      if (String(entries()) !== String(files)) {
        await build.dispose();
        files = entries();
        build = await start(files);
      }
      if (pages.length === 0) log('  skipped: demos/ has no pages');
      const { metafile } = await build.rebuild();
      const built = new Map(
        Object.entries(metafile.outputs).map(([output, { entryPoint }]) => [entryPoint, join(root, output)]),
      );
      for (const page of pages) await writePage(page, built);
      if (pages.length) log(`  pages: ${pages.map(({ out }) => relative(dist, out)).join(', ')}; ${sizes(metafile)}`);
      return metafile;
    },
    dispose: () => build.dispose(),
  };
}

async function findPages() {
  const demos = join(root, 'demos');
  const entries = await readdir(demos, { withFileTypes: true }).catch(() => []);
  const pages = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const folder = join(demos, name);
    if (!existsSync(join(folder, 'index.html'))) continue;
    const html = await readFile(join(folder, 'index.html'), 'utf8');
    pages.push({ html, folder, out: join(dist, name === 'home' ? '' : name, 'index.html') });
  }
  return pages;
}

/** Files that a page names relative to its folder, as paths from the root. */
function* references(html, folder) {
  for (const [, name] of html.matchAll(link)) {
    const file = resolve(folder, name);
    if (file.startsWith(root + sep) && existsSync(file)) yield relative(root, file);
  }
}

/** `src` and `href` of a file beside or above the page: no folder, no fragment, no other scheme. */
const link = /(?<=\s(?:src|href)=")(\.{1,2}\/[^"#?]*\.\w+)(?=")/g;

async function writePage({ html, folder, out }, built) {
  const text = [];
  let at = 0;
  for (const match of html.matchAll(link)) {
    const source = relative(root, resolve(folder, match[1]));
    let target = built.get(source);
    if (!target && existsSync(join(root, source))) {
      target = join(dist, 'assets', source);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(root, source), target);
    }
    if (!target) continue;
    const path = relative(dirname(out), target);
    text.push(html.slice(at, match.index), path.startsWith('.') ? path : `./${path}`);
    at = match.index + match[0].length;
  }
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, text.join('') + html.slice(at));
}

async function copyOrt() {
  const to = join(dist, 'ort');
  await mkdir(to, { recursive: true });
  for (const name of ortFiles) {
    const from = join(root, 'node_modules/onnxruntime-web/dist', name);
    const [source, copy] = await Promise.all([stat(from), stat(join(to, name)).catch(() => undefined)]);
    if (copy?.size !== source.size || copy.mtimeMs < source.mtimeMs) await copyFile(from, join(to, name));
  }
}

function sizes({ outputs }) {
  const scripts = Object.entries(outputs).filter(([name]) => name.endsWith('.js'));
  const bytes = scripts.reduce((sum, [, output]) => sum + output.bytes, 0);
  return `${scripts.length} scripts, ${Math.round(bytes / 1000)} kB`;
}

function watchSources(rebuild, log) {
  let timer;
  for (const folder of ['demos', 'packages', 'web-workers']) {
    watchFolder(join(root, folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => rebuild().catch((error) => log(`  failed: ${error.message}`)), 150);
    });
  }
  log('  watching demos, packages and web-workers');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await build({ watch: process.argv.includes('--watch') }).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
