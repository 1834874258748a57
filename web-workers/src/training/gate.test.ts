import { yieldTask } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { gate } from './gate.ts';

describe('gate()', () => {
  it('holds while it is closed, and lets through once it is open again', async () => {
    const { pass, open, close } = gate();
    await pass();
    close();
    let passed = false;
    const waiting = pass().then(() => (passed = true));
    close();
    await yieldTask();
    expect(passed).to.equal(false);
    open();
    open();
    await waiting;
    await pass();
  });
});
