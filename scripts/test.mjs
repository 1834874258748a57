import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBrowser, installDependencies, root, say } from './lib/setup.mjs';
import { testFiles } from './lib/test-files.mjs';

// Every check there is, from a fresh clone on. A static check counts as one test. The last line says `N passed, N failed`.

installDependencies();
say(`Browser: ${ensureBrowser()}`);

const { nodeTests } = await import('./lib/node-tests.mjs');
const bin = (name) => join(root, 'node_modules/.bin', name);

const build = ['Building dist/', process.execPath, ['esbuild.config.mjs']];
const checks = [
  ['Types of pages and tests (tsc)', bin('tsc'), ['-p', 'tsconfig.json']],
  ['Types of model code, which knows no DOM (tsc)', bin('tsc'), ['-p', 'tsconfig.model.json']],
  ['Lint (eslint)', bin('eslint'), ['.', '--max-warnings', '0']],
  ['Format (prettier)', bin('prettier'), ['--check', '.', '--log-level', 'warn']],
];

let passed = 0;
let failed = 0;
const count = (step, result) => {
  passed += result.passed;
  failed += result.failed;
  say(`${step}: ${result.passed} passed, ${result.failed} failed (${result.seconds.toFixed(0)} s)`);
};

const check = async ([step, command, args]) => {
  const { code, seconds } = await run(command, args);
  count(step, { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, seconds });
};
await check(build);
await Promise.all(checks.map(check)); // these have no clock to watch, and each keeps one core busy
count('Structure, pages and scripts (node)', await timed(() => nodeTests(root)));
const { beside, alone } = testFiles(root, ['packages', 'web-workers', 'demos', 'test'], '.test.ts');
count('Browser tests, two files at a time', await timed(() => browserTests(beside, 2)));
count('Browser tests that watch the clock', await timed(() => browserTests(alone, 1)));

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** web-test-runner's last full line tells; without one, the run itself failed. */
async function browserTests(files, concurrency) {
  const { output } = await run(bin('web-test-runner'), ['--concurrency', String(concurrency), '--files', ...files]);
  const [, good, bad] = output.match(/^(\d+) passed, (\d+) failed\s*$/m) ?? [undefined, 0, 1];
  return { passed: Number(good), failed: Number(bad) };
}

async function timed(action) {
  const began = performance.now();
  return { ...(await action()), seconds: (performance.now() - began) / 1000 };
}

/** Runs a command, passing on what it prints. */
function run(command, args) {
  return timed(
    () =>
      new Promise((resolve) => {
        const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
        let output = '';
        child.stdout.on('data', (bytes) => {
          output += bytes;
          process.stdout.write(bytes);
        });
        child.on('error', (error) => console.error(error.message));
        child.on('close', (code) => resolve({ code, output }));
      }),
  );
}
