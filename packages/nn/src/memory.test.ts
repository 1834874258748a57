import { expect } from '@open-wc/testing';
import type { DeviceArray } from './index.ts';

type Batch = { x: DeviceArray; y: DeviceArray };

// The engine's heap is private; whoever makes one is watched, which must begin before the engine's modules are loaded.
const heaps: WebAssembly.Memory[] = [];
WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
  construct(make, args: [WebAssembly.MemoryDescriptor]) {
    const heap = new make(...args);
    heaps.push(heap);
    return heap;
  },
});

it('a trainer and compiled functions hold their memory over a hundred steps', async () => {
  const { random } = await import('@cognate/core');
  const { compile, filled, infoNce, initMlp, l2Normalize, mlp, normal, startEngine, trainer } =
    await import('./index.ts');
  await startEngine({ device: 'wasm' });
  const draw = random(1);
  using training = trainer({
    params: { head: initMlp(draw, 64, 64, 64), logScale: filled([], 1) },
    loss: (p, { x, y }: Batch, { rows }: { rows: DeviceArray }) =>
      infoNce(l2Normalize(mlp(p.head, x.add(rows))), l2Normalize(y), p.logScale),
    emaDecay: 0.9,
  });
  using embed = compile(mlp);
  const x = normal(draw, [256, 64], 1); // 64 KiB: a leak of one shows as 6.4 MB
  const round = async (): Promise<void> => {
    await training.update({ x, y: x }, 1e-3, { rows: x });
    await embed(training.params.head, x);
    await training.save();
  };
  for (let i = 0; i < 10; i++) await round();
  const bytes = (): number => heaps.reduce((sum, heap) => sum + heap.buffer.byteLength, 0);
  const before = bytes();
  expect(before).to.be.greaterThan(0);
  for (let i = 0; i < 100; i++) await round();
  expect(bytes() - before).to.be.lessThan(2 ** 20);
}).timeout(120_000);
