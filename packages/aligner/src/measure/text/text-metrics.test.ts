import { CognateError } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { bleu } from './bleu.ts';
import { chrf } from './chrf.ts';
import { ciderD } from './cider.ts';
import { tokenize13a } from './tokenize-13a.ts';

describe('metrics of texts give their worked numbers', () => {
  it('BLEU, tokenized and raw', () => {
    const system = ['The dog bit the man.', "It wasn't surprising.", 'The man had just bitten him.'];
    const references = [
      ['The dog bit the man.', 'The dog had bit the man.'],
      ['It was not unexpected.', 'No one was surprised.'],
      ['The man bit him first.', 'The man had bitten the dog.'],
    ];
    expect(bleu(system, references)).to.be.closeTo(48.530827, 1e-6);
    const raw = bleu(['this is a fest'], [['this is a test']], { tokenize: 'none', smooth: 0.01 });
    expect(raw / 100).to.be.closeTo(0.2236068, 1e-7);
    expect(bleu(['this is a fest'], [['this is a test']], { smooth: 'none' })).to.equal(0);
    expect(bleu(['a b c d e'], [['a b c d e']])).to.be.closeTo(100, 1e-9);
    expect(bleu(['x'], [['y']])).to.equal(0);
  });

  it('chrF, over the orders that texts reach and over all', () => {
    const epsilon = { beta: 3, smooth: 'epsilon' } as const;
    expect(chrf(['a b c'], [['abc']], epsilon)).to.be.closeTo(50, 1e-6);
    expect(chrf(['aa'], [['ab']], epsilon)).to.be.closeTo(8.3333, 5e-5);
    const long = [
      'risk assessment must be made of those who are qualified and expertise in the sector - these are the scientists .',
      'risk assessment has to be undertaken by those who are qualified and expert in that area - that is the scientists .',
    ] as const;
    expect(chrf([long[0]], [[long[1]]], epsilon)).to.be.closeTo(63.36173, 5e-6);
    expect(chrf([long[0]], [[long[0]]], epsilon)).to.be.closeTo(100, 1e-6);
    expect(chrf(['aa'], [['ab']])).to.be.closeTo(25, 1e-9);
    expect(chrf(['abc'], [['xyz']])).to.equal(0);
  });

  it('CIDEr-D', () => {
    const references = [
      [
        'two cats are sleeping next to each other.',
        'a grey cat is cuddling with an orange cat on a blanket.',
        'the orange cat is happy that the black cat is close to it.',
      ],
      [
        'a dog is wearing ear muffs as it lies on a carpet.',
        'a black dog and an orange cat are looking at the photographer.',
        'headphones are placed on a dogs ears.',
      ],
    ];
    const good = [
      'an orange cat and a grey cat are lying together.',
      'a black dog wearing headphones looks at the camera as an orange cat walks in the background.',
    ];
    const bad = [
      'a calico cat and a white cat are lying together.',
      'a black dog wearing a hat looks at the camera as a tabby walks in the background.',
    ];
    expect(ciderD(good, references).mean).to.be.closeTo(0.563741, 6e-7);
    expect(ciderD(bad, references).mean).to.be.closeTo(0.279017, 6e-7);
  });
});

interface Golden {
  readonly texts: {
    readonly hypotheses: string[];
    readonly references: string[][];
    readonly bleu: number;
    readonly bleuRaw: number;
    readonly bleuFloor: number;
    readonly bleuOrder6: number;
    readonly chrf: number;
    readonly chrfBeta3: number;
    readonly chrfEpsilon: number;
  };
  readonly cider: {
    readonly captions: string[];
    readonly references: string[][];
    readonly mean: number;
    readonly scores: number[];
  };
}

describe('metrics of texts, next to sacreBLEU and the CIDEr of COCO', () => {
  let golden: Golden;
  before(async () => {
    golden = (await (await fetch('/test/golden/metrics.json')).json()) as Golden;
  });

  it('agree on numbers, quotes, escapes and accents', () => {
    const { hypotheses, references, ...wanted } = golden.texts;
    expect(bleu(hypotheses, references)).to.be.closeTo(wanted.bleu, 1e-9);
    expect(bleu(hypotheses, references, { tokenize: 'none' })).to.be.closeTo(wanted.bleuRaw, 1e-9);
    expect(bleu(hypotheses, references, { order: 6 })).to.be.closeTo(wanted.bleuOrder6, 1e-9);
    const floor = bleu(hypotheses.slice(2), references.slice(2), { smooth: 0.1 });
    expect(floor).to.be.closeTo(wanted.bleuFloor, 1e-9);
    expect(chrf(hypotheses, references)).to.be.closeTo(wanted.chrf, 1e-9);
    expect(chrf(hypotheses, references, { beta: 3 })).to.be.closeTo(wanted.chrfBeta3, 1e-9);
    expect(chrf(hypotheses, references, { smooth: 'epsilon' })).to.be.closeTo(wanted.chrfEpsilon, 1e-9);
  });

  it('agree on captions', () => {
    const { captions, references, mean, scores } = golden.cider;
    const found = ciderD(captions, references);
    expect(found.mean).to.be.closeTo(mean, 1e-9);
    scores.forEach((score, i) => expect(found.scores[i]).to.be.closeTo(score, 1e-9));
  });
});

describe('tokenize13a', () => {
  it('parts marks from words, but leaves numbers and hyphens within words whole', () => {
    const tokens = tokenize13a('Mr. Li paid 3,141.59 (or so), well-known &quot;price&quot; 1-2.');
    expect(tokens.join(' ')).to.equal('Mr . Li paid 3,141.59 ( or so ) , well-known " price " 1 - 2 .');
  });
});

describe('metrics of texts', () => {
  it('refuse texts without references', () => {
    for (const metric of [bleu, chrf, ciderD]) {
      expect(() => metric(['a'], []))
        .to.throw(CognateError)
        .with.property('code', 'shape-mismatch');
      expect(() => metric(['a'], [[]]))
        .to.throw(CognateError)
        .with.property('code', 'invalid-input');
    }
  });
});
