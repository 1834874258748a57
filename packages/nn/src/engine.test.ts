import { random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { startEngine } from './engine.ts';
import { initMlp, l2Normalize, mlp } from './layers.ts';
import { infoNce } from './losses.ts';
import { trainer } from './trainer.ts';
import { filled, normal, type DeviceArray, type Tensor } from './tree.ts';

describe('startEngine()', () => {
  it('prefers wasm, with a thread for each core, to a software adapter', async () => {
    const adapter = await navigator.gpu?.requestAdapter();
    const software =
      !adapter || /swiftshader|llvmpipe/i.test(`${adapter.info.architecture} ${adapter.info.description}`);
    const engine = await startEngine();
    expect(engine.device).to.equal(software ? 'wasm' : 'webgpu');
    if (software) expect(engine.threads).to.equal(crossOriginIsolated ? navigator.hardwareConcurrency : 1);
  });

  it('trains to the same numbers on webgpu and on wasm', async function () {
    if (!(await navigator.gpu?.requestAdapter())) this.skip();
    const run = async (device: 'wasm' | 'webgpu'): Promise<Tensor> => {
      await startEngine({ device });
      const draw = random(4);
      const [x, y] = [normal(draw, [8, 6], 1), normal(draw, [8, 4], 1)] as const;
      using training = trainer({
        params: { head: initMlp(draw, 6, 8, 4), logScale: filled([], 1) },
        loss: (p, batch: { x: DeviceArray; y: DeviceArray }) =>
          infoNce(l2Normalize(mlp(p.head, batch.x)), l2Normalize(batch.y), p.logScale),
      });
      for (let i = 0; i < 3; i++) await training.update({ x, y }, 1e-2);
      return (await training.weights()).head.up.weight;
    };
    const [one, other] = [await run('wasm'), await run('webgpu')];
    await startEngine({ device: 'wasm' });
    one.data.forEach((value, i) => expect(other.data[i]).to.be.closeTo(value, 1e-4));
  });
});
