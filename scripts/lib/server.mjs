import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
};

/** Cross-origin isolation: what a page needs for SharedArrayBuffer, and so for WebAssembly threads. */
export const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*', // a page of another origin may use the built elements and models
};

/**
 * Serves a folder on localhost, with ranges, cross-origin isolation and no caching.
 *
 * @param {string} root the folder.
 * @param {{
 *   port?: number,
 *   retry?: boolean,
 *   mounts?: Record<string, string>,
 *   handle?: (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse, path: string) => boolean | Promise<boolean>,
 * }} [options] `port` 0 takes any free one; with `retry`, a taken port gives way to the next ones; `mounts` maps URL
 * prefixes (`/fixtures/`) to further folders; `handle` may answer a request itself by returning true.
 * @returns {Promise<{ url: string, port: number, close(): Promise<void> }>} `url` ends in a slash.
 */
export async function serve(root, { port = 0, retry = false, mounts = {}, handle } = {}) {
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      if (!response.headersSent) response.writeHead(500, isolation);
      response.end(String(error));
    });
  });

  async function answer(request, response) {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (await handle?.(request, response, path)) return;
    const mount = Object.keys(mounts).find((prefix) => path.startsWith(prefix));
    const [folder, rest] = mount ? [mounts[mount], path.slice(mount.length)] : [root, path];
    const file = normalize(join(folder, rest));
    if (file !== normalize(folder) && !file.startsWith(normalize(folder + sep))) return fail(response, 403);
    await sendFile(request, response, file, path);
  }

  for (let tries = 0; ; tries++) {
    try {
      await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, 'localhost', () => {
          server.off('error', reject);
          resolve(undefined);
        });
      });
      break;
    } catch (error) {
      if (!retry || error.code !== 'EADDRINUSE' || tries === 20) throw error;
      port += 1;
    }
  }
  const address = server.address();
  const taken = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://localhost:${taken}/`,
    port: taken,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Answers with one file, or with the `index.html` of a folder. `path` is what the browser asked for. */
export async function sendFile(request, response, file, path) {
  let found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) {
    if (!path.endsWith('/')) {
      response.writeHead(308, { ...isolation, location: `${path}/` });
      return response.end();
    }
    file = join(file, 'index.html');
    found = await stat(file).catch(() => undefined);
  }
  if (!found) return fail(response, 404);
  const headers = {
    ...isolation,
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'accept-ranges': 'bytes',
    'cache-control': 'no-cache',
  };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = range ? Number(range[1]) : 0;
  const end = range?.[2] ? Math.min(Number(range[2]), found.size - 1) : found.size - 1;
  if (range && start > end) {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${found.size}` });
    return response.end();
  }
  if (range) headers['content-range'] = `bytes ${start}-${end}/${found.size}`;
  response.writeHead(range ? 206 : 200, { ...headers, 'content-length': end - start + 1 });
  if (request.method === 'HEAD' || found.size === 0) return response.end();
  createReadStream(file, { start, end })
    .on('error', () => response.destroy())
    .pipe(response);
}

function fail(response, status) {
  response.writeHead(status, { ...isolation, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${status}\n`);
}
