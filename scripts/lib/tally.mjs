/**
 * A reporter for web-test-runner: a line per file, the failures in full, and `N passed, N failed` alone on the last
 * line. A file that does not load is a failure, and so is a run without any test.
 *
 * @returns {import('@web/test-runner').Reporter}
 */
export function tally() {
  return {
    reportTestFileResults({ testFile, sessionsForTestFile }) {
      const file = testFile.replace(`${process.cwd()}/`, '');
      for (const session of sessionsForTestFile) {
        const tests = flatten(session.testResults);
        const failed = countFailures(session, tests);
        const seconds = (tests.reduce((sum, { duration = 0 }) => sum + duration, 0) / 1000).toFixed(1);
        console.log(`${failed ? '✗' : '✓'} ${file}  ${tests.filter(isPass).length}/${tests.length}  ${seconds} s`);
        for (const test of tests.filter(isFailure)) {
          console.log(`    ✗ ${test.title}`);
          if (test.error) console.log(indent(describe(test.error)));
        }
        for (const error of session.errors) console.log(indent(describe(error)));
        if (failed) for (const url of session.request404s) console.log(`      not found: ${url}`);
        for (const log of session.logs) console.log(indent(`log: ${log.map(print).join(' ')}`.slice(0, 2000)));
      }
    },

    stop({ sessions }) {
      const all = [...sessions];
      const tests = all.flatMap((session) => flatten(session.testResults));
      const passed = tests.filter(isPass).length;
      const skipped = tests.filter(({ skipped }) => skipped).length;
      let failed = all.reduce((sum, session) => sum + countFailures(session, flatten(session.testResults)), 0);
      if (passed + failed === 0) failed = 1;
      if (skipped) console.log(`${skipped} skipped`);
      console.log(`${passed} passed, ${failed} failed`);
    },
  };
}

const isPass = (test) => test.passed && !test.skipped;
const isFailure = (test) => !test.passed && !test.skipped;

/** Failed tests, and one more for each way in which the file itself failed. */
function countFailures(session, tests) {
  const own = tests.filter(isFailure).length + session.errors.length;
  return own === 0 && (session.passed === false || tests.length === 0) ? 1 : own;
}

/** All tests of a suite and its suites, with the suites' names in front of their own. */
function flatten(suite, path = []) {
  if (!suite) return [];
  const own = suite.tests.map((test) => ({ ...test, title: [...path, test.name].join(' › ') }));
  return [...own, ...suite.suites.flatMap((inner) => flatten(inner, [...path, inner.name]))];
}

function describe({ name, message, expected, actual, stack }) {
  const difference = expected === undefined ? '' : `\nexpected ${expected}\nactual   ${actual}`;
  return `${name ? `${name}: ` : ''}${message}${difference}\n${stack ?? ''}`.trim();
}

const indent = (text) => text.replace(/^/gm, '      ');
const print = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
