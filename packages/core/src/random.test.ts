import { expect } from '@open-wc/testing';
import { random } from './random.ts';

describe('random()', () => {
  it('gives the same numbers for the same seed', () => {
    const a = random(7);
    const b = random(7);
    for (let i = 0; i < 100; i++) expect(a.next()).to.equal(b.next());
    expect(random(8).next()).not.to.equal(random(7).next());
  });

  it('goes on from a saved state', () => {
    const generator = random(3);
    generator.normal();
    const saved = generator.state;
    expect(random(saved).next()).to.equal(generator.next());
  });

  it('stays in [0, 1) with a mean near one half', () => {
    const generator = random(1);
    let sum = 0;
    for (let i = 0; i < 10_000; i++) {
      const x = generator.next();
      expect(x >= 0 && x < 1).to.equal(true);
      sum += x;
    }
    expect(sum / 10_000).to.be.closeTo(0.5, 0.01);
  });

  it('draws integers below n, each of them', () => {
    const generator = random(2);
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 5000; i++) counts[generator.below(5)]! += 1;
    for (const count of counts) expect(count).to.be.within(850, 1150);
  });

  it('draws normals of mean 0 and variance 1', () => {
    const generator = random(5);
    const values = Array.from({ length: 20_000 }, () => generator.normal());
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    expect(mean).to.be.closeTo(0, 0.03);
    expect(variance).to.be.closeTo(1, 0.04);
  });

  it('permutes without loss', () => {
    const order = random(11).permutation(50);
    expect([...order]).not.to.deep.equal([...order].sort((a, b) => a - b));
    expect([...order].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 50 }, (_, i) => i));
    expect(random(0).permutation(0).length).to.equal(0);
  });
});
