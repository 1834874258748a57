import { expect } from '@open-wc/testing';
import { isCognateError } from '@cognate/core';
import { encoderContract } from '../../../test/contracts/encoder.ts';
import { toyOnnx } from '../../../test/helpers/toy-onnx.ts';
import { toyTable, toyTextRepository } from '../../../test/helpers/toy-repository.ts';
import { serveVirtually, type VirtualServer } from '../../../test/helpers/virtual-files.ts';
import { checkTexts } from './check-texts.ts';
import { loadTextEncoder } from './index.ts';

const folder = '/starter/models/toy/text';
const options = { baseUrl: '/' };
const toy = { model: 'toy/text', device: 'wasm' } as const;

/** One vector per token: pooling is the encoder's work. */
const tokenGraph = toyOnnx({
  inputs: [
    { name: 'input_ids', type: 'int64', dims: ['b', 't'] },
    { name: 'attention_mask', type: 'int64', dims: ['b', 't'] },
    { name: 'token_type_ids', type: 'int64', dims: ['b', 't'] },
  ],
  outputs: [{ name: 'last_hidden_state', type: 'float32', dims: ['b', 't', 4] }],
  // Padding has a vector of its own here, which must not enter the mean.
  constants: [{ name: 'table', dims: [7, 4], data: toyTable.map((value, i) => (i < 4 ? 9 : value)) }],
  nodes: [
    { op: 'Add', inputs: ['input_ids', 'token_type_ids'], outputs: ['ids'] },
    { op: 'Gather', inputs: ['table', 'ids'], outputs: ['last_hidden_state'] },
  ],
});

describe('loadTextEncoder()', () => {
  let server: VirtualServer;
  before(() => {
    server = serveVirtually({
      ...toyTextRepository(folder, { cognate: { space: { id: 'toy-text@1', dim: 4, normalized: true } } }),
      ...toyTextRepository('/starter/models/toy/tokens'),
      '/starter/models/toy/tokens/onnx/model.onnx': tokenGraph,
      ...toyTextRepository('/starter/models/toy/other'),
      '/starter/models/toy/other/onnx/model.onnx': toyOnnx({
        inputs: [{ name: 'input_ids', type: 'int64', dims: ['b', 't'] }],
        outputs: [{ name: 'logits', type: 'int64', dims: ['b', 't'] }],
        nodes: [{ op: 'Identity', inputs: ['input_ids'], outputs: ['logits'] }],
      }),
    });
  });
  after(() => server.restore());

  describe('keeps the contract of encoders', () => {
    encoderContract<string>({
      load: () => loadTextEncoder(toy, options),
      samples: ['sun', 'moon star', 'rain sun sun'],
      refused: [
        ['an empty text', ''],
        ['a blank text', ' \n\t '],
        ['a text without a known word', 'xyzzy odd'],
        ['a number', 7],
        ['nothing', null],
      ],
    });
  });

  it('takes the name of the space from the config, else from the repository', async () => {
    await using named = await loadTextEncoder(toy, options);
    expect(named.space).to.deep.equal({ id: 'toy-text@1', dim: 4, normalized: true });
    await using unnamed = await loadTextEncoder({ ...toy, model: 'toy/tokens' }, options);
    expect(unnamed.space).to.deep.equal({ id: 'toy/tokens@main', dim: 4, normalized: true });
  });

  it('averages token vectors without padding', async () => {
    await using encoder = await loadTextEncoder({ ...toy, model: 'toy/tokens' }, options);
    const { data } = await encoder.encode(['sun', 'sun moon star rain']);
    // (2,0,0,0) + (0,3,0,0) + (0,0,1,0) + (1,1,1,1) = (3,4,2,1), of length sqrt(30).
    const expected = [1, 0, 0, 0, ...[3, 4, 2, 1].map((value) => value / Math.sqrt(30))];
    data.forEach((value, i) => expect(value).to.be.closeTo(expected[i]!, 1e-6));
  });

  it('puts the prefix before every text', async () => {
    await using encoder = await loadTextEncoder({ ...toy, prefix: 'moon ' }, options);
    await using plain = await loadTextEncoder(toy, options);
    const [prefixed, spelled] = [await encoder.encode(['sun']), await plain.encode(['moon sun'])];
    expect([...prefixed.data]).to.deep.equal([...spelled.data]);
  });

  it('cuts a text of 20,000 characters to the limit, quickly', async () => {
    await using encoder = await loadTextEncoder(toy, options);
    const started = performance.now();
    const long = await encoder.encode(['sun '.repeat(5000), `sun ${'x'.repeat(20_000)}`, `${'sun '.repeat(16)}moon`]);
    expect(performance.now() - started).to.be.lessThan(1000);
    const short = await encoder.encode(['sun']);
    for (let i = 0; i < 3; i++) {
      long.data.subarray(4 * i, 4 * i + 4).forEach((value, k) => expect(value).to.be.closeTo(short.data[k]!, 1e-6));
    }
  });

  it('does not cut a character in two', () => {
    const emoji = '😀'.repeat(40);
    expect(checkTexts([emoji, `a${emoji}`], 2).map((text) => [text.length, text.isWellFormed()])).to.deep.equal([
      [32, true],
      [31, true],
    ]);
  });

  it('refuses a graph that gives no vectors', async () => {
    const error: unknown = await loadTextEncoder({ ...toy, model: 'toy/other' }, options).catch((e: unknown) => e);
    if (!isCognateError(error)) throw error;
    expect(error.code).to.equal('file-format');
    expect(error.message).to.include('toy/other gives logits');
  });
});
