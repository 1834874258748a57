import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { browserFlags, findBrowser } from './scripts/lib/browser.mjs';
import { isolation, sendFile } from './scripts/lib/server.mjs';
import { tally } from './scripts/lib/tally.mjs';
import { isPoisoned, unpoison } from './scripts/lib/unpoison.mjs';

const executablePath = findBrowser();
if (!executablePath)
  throw new Error('The tests need Chromium or Chrome: install one, set CHROME_PATH, or run `npm test`.');

/** Reference models and data that are too big to commit; tests that want them skip where this folder is absent. */
const fixtures = process.env.COGNATE_FIXTURES ?? '../shared';

/**
 * Served as they are: what the built site has at its root, tests find at the same place. `npm run build` makes it.
 * @type {Record<string, string>}
 */
const mounts = {
  ...Object.fromEntries(['workers', 'ort', 'starter', 'assets'].map((name) => [`/${name}/`, `dist/${name}`])),
  '/dist/': 'dist',
  '/fixtures/': fixtures,
};

const headers = async (context, next) => {
  context.set(isolation);
  // So that 127.0.0.1 can play another host for pages of localhost.
  context.set('access-control-allow-origin', '*');
  await next();
};

const mountedFiles = async (context, next) => {
  const prefix = Object.keys(mounts).find((each) => context.path.startsWith(each));
  if (!prefix) return next();
  context.respond = false;
  const path = normalize(decodeURIComponent(context.path.slice(prefix.length)));
  await sendFile(context.req, context.res, join(mounts[prefix], path), path);
};

/** @type {import('@web/test-runner').TestRunnerConfig} */
export default {
  files: [
    'packages/**/*.test.ts',
    'web-workers/**/*.test.ts',
    'demos/**/*.test.ts',
    'test/**/*.test.ts',
    '!**/node_modules/**',
  ],
  nodeResolve: { exportConditions: ['onnxruntime-web-use-extern-wasm', 'production', 'browser', 'default'] },
  plugins: [
    esbuildPlugin({ ts: true, target: 'es2022', tsconfig: new URL('tsconfig.json', import.meta.url).pathname }),
    {
      name: 'unpoison',
      transform: (context) => (isPoisoned(context.path) ? unpoison(String(context.body)) : undefined),
    },
  ],
  middleware: [headers, mountedFiles],
  browsers: [
    chromeLauncher({
      launchOptions: { executablePath, args: browserFlags, protocolTimeout: 0 },
      // A window and a storage of its own: a second tab would be hidden, and hidden tabs draw no frames.
      createPage: async ({ browser }) => (await browser.createBrowserContext()).newPage(),
    }),
  ],
  concurrency: 1,
  browserStartTimeout: 90_000,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 240_000,
  testFramework: { config: { ui: 'bdd', timeout: 30_000 } },
  testRunnerHtml: (script) => `<!doctype html>
<html lang="en">
  <head><title>test</title></head>
  <body>
    <script>globalThis.cognateFixtures = ${existsSync(join(fixtures, 'models'))};</script>
    <script type="module" src="${script}"></script>
  </body>
</html>`,
  filterBrowserLogs: ({ args }) => !String(args[0]).includes('Lit is in dev mode'),
  reporters: [tally()],
};
