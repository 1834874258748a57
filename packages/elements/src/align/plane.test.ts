import { embeddings, random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { planes, steady } from './plane.ts';

const space = { id: 'test@1', dim: 6, normalized: false };

/** A flat ellipse, three times as long as wide, in the plane of coordinates 1 and 4. */
function ellipse(count: number) {
  const data = new Float32Array(count * 6);
  for (let i = 0; i < count; i++) {
    const angle = (2 * Math.PI * i) / count;
    data[i * 6 + 1] = 5 + 3 * Math.cos(angle);
    data[i * 6 + 4] = Math.sin(angle);
  }
  return embeddings(space, data);
}

describe('planes()', () => {
  it('finds the two widest directions, the widest first, around the mean', async () => {
    const [plane] = await planes(ellipse(40));
    const xs = plane.filter((_, i) => i % 2 === 0);
    const ys = plane.filter((_, i) => i % 2 === 1);
    expect(Math.max(...xs) / Math.max(...ys)).to.be.closeTo(3, 0.05);
    expect(xs.reduce((sum, x) => sum + x, 0)).to.be.closeTo(0, 1e-3);
  });

  it('gives points a root mean square distance of 1', async () => {
    const [plane] = await planes(ellipse(40));
    expect(plane.reduce((sum, x) => sum + x * x, 0) / 40).to.be.closeTo(1, 1e-4);
  });
});

describe('planes() of two sides', () => {
  it('looks along what they share, not along what one side does by itself', async () => {
    const { normal } = random(2);
    const [source, target] = [new Float32Array(600 * 6), new Float32Array(600 * 6)];
    for (let i = 0; i < 600; i++) {
      source[i * 6 + 2] = target[i * 6 + 2] = 2 * normal();
      source[i * 6 + 3] = target[i * 6 + 3] = normal();
      source[i * 6 + 5] = 3 * normal();
    }
    const [a, b] = await planes(embeddings(space, source), embeddings(space, target));
    const apart = a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0) / 600;
    expect(apart).to.be.below(0.1);
  });
});

describe('steady()', () => {
  it('undoes a turn and a mirror', () => {
    const { normal } = random(3);
    const fixed = Float32Array.from({ length: 40 }, normal);
    const moved = fixed.slice();
    for (let i = 0; i < 40; i += 2) {
      const [x, y] = [fixed[i]!, -fixed[i + 1]!];
      moved[i] = 0.6 * x - 0.8 * y;
      moved[i + 1] = 0.8 * x + 0.6 * y;
    }
    steady([moved], moved.slice(), fixed);
    for (let i = 0; i < 40; i++) expect(moved[i]).to.be.closeTo(fixed[i]!, 1e-5);
  });
});
