import { expect } from '@open-wc/testing';
import { embeddings, type Space } from './embeddings.ts';
import { random } from './random.ts';
import { dotProducts, similarity, topK } from './similarity.ts';

const space: Space = { id: 'odd@1', dim: 7, normalized: false };

describe('similarity()', () => {
  it('agrees with a plain double loop at sizes that four does not divide', () => {
    const generator = random(4);
    const a = embeddings(
      space,
      Float32Array.from({ length: 3 * 7 }, () => generator.normal()),
    );
    for (const count of [0, 1, 4, 6, 9]) {
      const b = embeddings(
        space,
        Float32Array.from({ length: count * 7 }, () => generator.normal()),
      );
      const scores = similarity(a, b);
      expect(scores.length).to.equal(3 * count);
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < count; j++) {
          let sum = 0;
          for (let k = 0; k < 7; k++) sum += a.data[i * 7 + k]! * b.data[j * 7 + k]!;
          expect(scores[i * count + j]).to.be.closeTo(sum, 1e-5);
        }
      }
    }
  });

  it('refuses to compare two spaces', () => {
    const a = embeddings(space, new Float32Array(7));
    const b = embeddings({ ...space, id: 'even@1' }, new Float32Array(7));
    expect(() => similarity(a, b)).to.throw('similarity() needs points of the space odd@1');
  });
});

describe('dotProducts()', () => {
  it('is row-major: rows of the first, columns of the second', () => {
    const products = dotProducts(new Float32Array([1, 0, 0, 1]), new Float32Array([1, 2, 3, 4, 5, 6]), 2);
    expect([...products]).to.deep.equal([1, 3, 5, 2, 4, 6]);
  });
});

describe('topK()', () => {
  it('gives the best first and keeps the order of equals', () => {
    expect(topK([0.1, 0.9, 0.5, 0.9, -1], 3)).to.deep.equal([1, 3, 2]);
  });

  it('gives all when asked for more than there are, and none when asked for none', () => {
    expect(topK([2, 3], 10)).to.deep.equal([1, 0]);
    expect(topK([], 3)).to.deep.equal([]);
    expect(topK([1], 0)).to.deep.equal([]);
  });

  it('agrees with sorting', () => {
    const generator = random(9);
    const scores = Float32Array.from({ length: 500 }, () => generator.next());
    const sorted = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
    expect(topK(scores, 20)).to.deep.equal(sorted.slice(0, 20));
  });
});
