import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';

/**
 * Runs every `*.test.mjs` below test/ and scripts/ under node, one file after the other, and prints what fails.
 * @param {string} root the repository. @returns {Promise<{ passed: number, failed: number }>}
 */
export async function nodeTests(root) {
  const files = ['test', 'scripts', 'bench'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => name.endsWith('.test.mjs'))
      .map((name) => join(root, folder, name)),
  );
  const counts = { passed: 0, failed: 0 };
  for await (const { type, data } of run({ files, concurrency: 1, timeout: 600_000 })) {
    if (type === 'test:stderr' || type === 'test:stdout') process.stdout.write(data.message);
    if (type === 'test:pass' && isTest(data)) counts.passed++;
    if (type === 'test:fail' && isTest(data)) {
      counts.failed++;
      const error = data.details.error?.cause ?? data.details.error;
      console.log(`✗ ${data.name}\n${String(error?.stack ?? error).replace(/^/gm, '    ')}`);
    }
  }
  if (counts.passed + counts.failed === 0) counts.failed = 1;
  return counts;
}

/** Suites repeat what their tests say; a suite that fails by itself has no failed test inside. */
function isTest({ details, skip, todo }) {
  if (skip !== undefined || todo !== undefined) return false;
  return details.type !== 'suite' || details.error?.failureType === 'hookFailed';
}
