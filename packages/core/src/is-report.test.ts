import { expect } from '@open-wc/testing';
import { fullReport } from '../../../test/helpers/example-report.ts';
import { isReport } from './is-report.ts';

/** Where there is a value that is no object, such as `verdict.reasons.0`. */
function leaves(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

/** The same in JSON and back, with another value at that place. */
function forged(path: readonly string[], value: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(fullReport));
  const parent = path.slice(0, -1).reduce((at, name) => (at as Record<string, unknown>)[name], copy);
  (parent as Record<string, unknown>)[path.at(-1)!] = value;
  return copy;
}

describe('isReport', () => {
  it('takes what a report is after JSON, with what only some have or without it', () => {
    const whole: unknown = JSON.parse(JSON.stringify(fullReport));
    expect(isReport(whole)).to.equal(true);
    for (const optional of ['forward', 'shuffled', 'forecast', 'learningCurve', 'calibration']) {
      expect(isReport(forged([optional], undefined)), optional).to.equal(true);
    }
  });

  it('refuses a value of another kind wherever it is', () => {
    const places = leaves(fullReport);
    expect(places.length).to.be.greaterThan(80);
    for (const path of places) {
      for (const value of [null, {}, Infinity]) expect(isReport(forged(path, value)), path.join('.')).to.equal(false);
    }
    for (const path of [['forward'], ['tried'], ['verdict'], ['learningCurve', 'points'], ['suspects', '0']]) {
      for (const value of [2, 'x', null, [1]]) expect(isReport(forged(path, value)), path.join('.')).to.equal(false);
    }
    for (const value of [undefined, null, 3, 'report', []]) expect(isReport(value)).to.equal(false);
  });
});
