import assert from 'node:assert/strict';
import { it, mock } from 'node:test';
import { tally } from './tally.mjs';

const pass = { name: 'works', passed: true, skipped: false };
const fail = { name: 'breaks', passed: false, skipped: false };
const skip = { name: 'waits', passed: false, skipped: true };
const session = (tests, more = {}) => ({
  passed: true,
  errors: [],
  logs: [],
  request404s: [],
  testResults: { name: '', tests: [], suites: [{ name: 'suite', tests, suites: [] }] },
  ...more,
});

function lastLine(sessions) {
  const log = mock.method(console, 'log', () => {});
  tally().stop({ sessions });
  log.mock.restore();
  return log.mock.calls.at(-1).arguments[0];
}

it('counts tests of all files, and skipped ones as neither', () => {
  assert.equal(lastLine([session([pass, fail, skip]), session([pass])]), '2 passed, 1 failed');
});

it('counts a file that did not load as a failure', () => {
  const broken = session([], { passed: false, errors: [{ message: 'SyntaxError' }], testResults: undefined });
  assert.equal(lastLine([session([pass]), broken]), '1 passed, 1 failed');
  assert.equal(lastLine([session([pass], { passed: false })]), '1 passed, 1 failed');
});

it('counts a file without tests, and a run without files, as a failure', () => {
  assert.equal(lastLine([session([])]), '0 passed, 1 failed');
  assert.equal(lastLine([]), '0 passed, 1 failed');
});
