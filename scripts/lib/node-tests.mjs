import { join } from 'node:path';
import { run } from 'node:test';
import { testFiles } from './test-files.mjs';

/**
 * Runs every `*.test.mjs` below test/, scripts/ and bench/ under node, and prints what fails.
 * @param {string} root the repository. @returns {Promise<{ passed: number, failed: number }>}
 */
export async function nodeTests(root) {
  const { beside, alone } = testFiles(root, ['test', 'scripts', 'bench'], '.test.mjs');
  const counts = { passed: 0, failed: 0 };
  await runFiles(root, beside, 2, counts);
  await runFiles(root, alone, 1, counts);
  if (counts.passed + counts.failed === 0) counts.failed = 1;
  return counts;
}

/** Adds to `counts`. */
async function runFiles(root, files, concurrency, counts) {
  for await (const { type, data } of run({
    files: files.map((file) => join(root, file)),
    concurrency,
    timeout: 600_000,
  })) {
    if (type === 'test:stderr' || type === 'test:stdout') process.stdout.write(data.message);
    if (type === 'test:pass' && isTest(data)) counts.passed++;
    if (type === 'test:fail' && isTest(data)) {
      counts.failed++;
      const error = data.details.error?.cause ?? data.details.error;
      console.log(`✗ ${data.name}\n${String(error?.stack ?? error).replace(/^/gm, '    ')}`);
    }
  }
}

/** Suites repeat what their tests say; a suite that fails by itself has no failed test inside. */
function isTest({ details, skip, todo }) {
  if (skip !== undefined || todo !== undefined) return false;
  return details.type !== 'suite' || details.error?.failureType === 'hookFailed';
}
