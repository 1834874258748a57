import { expect } from '@open-wc/testing';
import { loadModel, type Model } from '@cognate/runtime';
import { mirror, needMirror } from '../../../../test/helpers/mirror.ts';
import { generate } from './generate.ts';
import { onnxTokenModel } from './onnx-token-model.ts';

describe('onnxTokenModel()', () => {
  let model: Model;
  before(async function () {
    needMirror(this);
    model = await loadModel({ model: 'stories260K', host: mirror!, device: 'wasm' }, { baseUrl: '/' });
  });
  after(() => model?.[Symbol.asyncDispose]());

  const settings = { ends: [2], maxTokens: 40 };

  it('goes on token by token as reading the whole text at once would', async () => {
    const story = onnxTokenModel(model, settings);
    let { state } = await story.prompt([1]);
    const text = [403, 407, 261, 378];
    let stepped = new Float32Array();
    for (const token of text) {
      const step = await story.step(state, [token]);
      [state, stepped] = [step.state, step.logits as Float32Array<ArrayBuffer>];
    }
    const { logits } = await story.prompt([1, ...text]);
    logits.forEach((value, i) => expect(stepped[i]).to.be.closeTo(value, 1e-3));
  });

  it('keeps the rows of a batch apart when beams change places', async () => {
    const story = onnxTokenModel(model, settings);
    const { state } = await story.prompt([1]);
    const two = await story.step(story.select(state, [0, 0]), [403, 261]);
    const turned = await story.step(story.select(two.state, [1, 0]), [407, 378]);
    const alone = await story.prompt([1, 261, 407]);
    alone.logits.forEach((value, i) => expect(turned.logits[i]).to.be.closeTo(value, 1e-3));
  });

  it('writes a story that beams like better than greedy does', async () => {
    const story = onnxTokenModel(model, settings);
    const prompt = await story.prompt([1]);
    const [greedy] = await generate(story, prompt, { lengthPenalty: 0, maxTokens: 20 });
    const [beams] = await generate(story, prompt, { beams: 4, lengthPenalty: 0, maxTokens: 20 });
    expect(greedy!.tokens.length).to.equal(20);
    expect(beams!.logProbability).to.be.at.least(greedy!.logProbability - 1e-3);
    expect(greedy!.logProbability).to.be.above(20 * Math.log(1 / 512));
  });
});
