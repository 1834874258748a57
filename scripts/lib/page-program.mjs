import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, resolve, sep } from 'node:path';
import { build } from 'esbuild';
import { launch } from './browser.mjs';
import { serve } from './server.mjs';

const root = resolve(import.meta.dirname ?? '.', '../..');

/**
 * Runs a TypeScript program in a cross-origin isolated headless page and returns what its exported function resolves to.
 *
 * The function, `main(host, options)` unless `call` names another, gets a `host` with
 * - `log(line)`: prints in the terminal;
 * - `load(name)` / `save(name, bytes)`: files of the program's own folder under `.cache`, undefined where absent;
 * - `publish(path, bytes)`: writes a file of the repository, such as a trained model.
 * `/` serves the repository itself: `fetch('/node_modules/...')`, `fetch('/dist/...')`. `*.worker.ts` files beside the
 * entry are bundled too: `new Worker('/.cache/<name>/bundle/augment.worker.js', { type: 'module' })`.
 *
 * @param {{ name: string, entry: string, workers?: string[], call?: string, options?: unknown, mounts?: Record<string, string> }} program
 * `options` must survive JSON.
 */
export async function runInPage({ name, entry, workers = [], call = 'main', options = {}, mounts = {} }) {
  const store = join(root, '.cache', name);
  const bundle = join(store, 'bundle');
  await rm(bundle, { recursive: true, force: true });
  await mkdir(bundle, { recursive: true });
  await build({
    entryPoints: [{ in: entry, out: 'main' }, ...workers],
    entryNames: '[name]',
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: 'inline',
    conditions: ['onnxruntime-web-use-extern-wasm'],
    loader: { '.svg': 'text' },
    outdir: bundle,
    logLevel: 'warning',
  });
  await writeFile(
    join(bundle, 'index.html'),
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>program</title><body></body>',
  );

  const server = await serve(root, {
    mounts,
    handle: (request, response, path) => handleFile(store, request, response, path),
  });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    page.on('console', (message) => console.log(message.text()));
    page.on('pageerror', (error) => console.error(`page error: ${error.message}`));
    const crashed = new Promise((_, reject) => {
      page.once('error', (error) => reject(error));
      browser.once('disconnected', () => reject(new Error('runInPage(): the browser went away')));
    });
    crashed.catch(() => {});
    await page.goto(`${server.url}.cache/${name}/bundle/`);
    return await Promise.race([crashed, page.evaluate(startProgram, `/.cache/${name}/bundle/main.js`, call, options)]);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Runs in the page. */
async function startProgram(script, call, options) {
  const put = async (url, bytes) => {
    const response = await fetch(url, { method: 'PUT', body: bytes });
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
  };
  const host = {
    log: (line) => console.log(line),
    save: (file, bytes) => put(`/@store/${file}`, bytes),
    publish: (path, bytes) => put(`/@publish/${path}`, bytes),
    async load(file) {
      const response = await fetch(`/@store/${file}`);
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
    },
  };
  const program = await import(script);
  return program[call](host, options);
}

/** `/@store/` is the program's folder, `/@publish/` the repository; both only below their folder. */
async function handleFile(store, request, response, path) {
  const area = path.startsWith('/@store/') ? store : path.startsWith('/@publish/') ? root : undefined;
  if (!area) return false;
  const file = normalize(join(area, path.slice(path.indexOf('/', 1))));
  if (!file.startsWith(area + sep)) {
    response.writeHead(403).end();
  } else if (request.method === 'PUT') {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.part`, Buffer.concat(chunks));
    await rename(`${file}.part`, file); // a reader or a crash never meets half a checkpoint
    response.writeHead(204).end();
  } else {
    const bytes = await readFile(file).catch(() => undefined);
    if (bytes) response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
    else response.writeHead(404).end();
  }
  return true;
}
