import { expect } from '@open-wc/testing';
import { CognateError, isCognateError } from './errors.ts';

describe('CognateError', () => {
  it('carries code, sentence and cause', () => {
    const cause = new TypeError('fetch failed');
    const error = new CognateError('load-failed', 'load() could not fetch /model.onnx', { cause });
    expect(error).to.be.instanceOf(Error);
    expect(error.code).to.equal('load-failed');
    expect(error.cause).to.equal(cause);
    expect(String(error)).to.equal('CognateError: load() could not fetch /model.onnx');
  });

  it('is known by its mark, so that a second copy of the package is known too', () => {
    const foreign = Object.assign(new Error('of another copy'), { [Symbol.for('cognate.error')]: true });
    expect(isCognateError(new CognateError('disposed', 'gone'))).to.equal(true);
    expect(isCognateError(foreign)).to.equal(true);
    for (const other of [new Error('no'), null, undefined, 'disposed', { code: 'disposed' }]) {
      expect(isCognateError(other)).to.equal(false);
    }
  });
});
