import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { root } from './setup.mjs';
import { isPoisoned, unpoison } from './unpoison.mjs';

const path = join(root, 'node_modules/@huggingface/transformers/dist/transformers.web.js');

it('finds both chains in the installed version', async () => {
  const code = await readFile(path, 'utf8');
  assert.ok(isPoisoned(path));
  assert.equal(unpoison(code).length - code.length, ', load'.length + ', run'.length);
});

it('refuses a version that it does not know', () => {
  assert.throws(() => unpoison('const webInitChain = Promise.resolve();'), /needs 2 promise chains .* found 0/);
});

it('lets a call succeed after one that failed, still in turn', async () => {
  const source = `
    var webInitChain = Promise.resolve();
    var webInferenceChain = Promise.resolve();
    const init = (load) => (webInitChain = webInitChain.then(load));
    const infer = (run) => (webInferenceChain = webInferenceChain.then(run));
    return { init, infer };`;
  const outcomes = async (code) => {
    const { infer } = new Function(code)();
    const order = [];
    const slow = infer(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push('slow');
      throw new Error('broken');
    });
    const quick = infer(() => void order.push('quick'));
    return { order, states: (await Promise.allSettled([slow, quick])).map(({ status }) => status) };
  };
  assert.deepEqual((await outcomes(source)).states, ['rejected', 'rejected']);
  assert.deepEqual(await outcomes(unpoison(source)), { order: ['slow', 'quick'], states: ['rejected', 'fulfilled'] });
});
