import { AutoTokenizer, env } from '@huggingface/transformers';
import { expect } from '@open-wc/testing';
import { bosId, bpe, eosId, learnBpe, readTokenizer, tokenizerConfig, tokenizerJson } from './bpe.ts';

const texts = [' red car', ' red card', ' card: red', '赤い車', ' café, 12½', ' 🦊 Füchse'];

describe('learnBpe()', () => {
  it('joins the commonest pair first and stops when no pair comes twice', () => {
    const { merges, vocabulary } = learnBpe(['aab aab ab', 'xyz'], 1000);
    expect(merges[0]).to.deep.equal(['a', 'b']); // 3 times; a a only twice
    expect(vocabulary.length).to.equal(2 + 256 + merges.length);
    expect(vocabulary).to.include('aab');
    expect(vocabulary).not.to.include('xy');
  });
  it('spells every text, also with bytes that it has never seen', () => {
    const { encode, decode } = learnBpe(texts, 300);
    for (const text of [...texts, ' zebra', '🐙', 'ไข่']) expect(decode(encode(text)), text).to.equal(text);
    expect(decode([bosId, ...encode('赤い'), eosId])).to.equal('赤い');
  });
  it('needs one token for a word that it has seen often', () => {
    const { encode } = learnBpe(texts, 400);
    expect(encode(' red')).to.have.length(1);
    expect(encode(' red car')).to.have.length(2);
  });
  it('learns the same tokens from the same texts', () => {
    expect(learnBpe(texts, 320).merges).to.deep.equal(learnBpe(texts, 320).merges);
  });
});

describe('tokenizerJson()', () => {
  it('makes transformers.js encode as training does, and decode without the space at the start', async () => {
    const own = learnBpe([...texts, ...texts.map((text) => ` a${text}`)], 400);
    const files: Record<string, object> = {
      'tokenizer.json': tokenizerJson(own),
      'tokenizer_config.json': tokenizerConfig(24),
    };
    const { fetch, allowRemoteModels, allowLocalModels, useBrowserCache } = env;
    Object.assign(env, { allowRemoteModels: true, allowLocalModels: false, useBrowserCache: false });
    env.fetch = async (input: RequestInfo | URL) => {
      const name = String(input instanceof Request ? input.url : input)
        .split('/')
        .pop()!;
      return files[name] ? new Response(JSON.stringify(files[name])) : new Response('', { status: 404 });
    };
    try {
      const tokenizer = await AutoTokenizer.from_pretrained('toy/bpe');
      for (const text of [...texts, ' zebra crossing', '車']) {
        const ids = own.encode(text);
        expect(tokenizer.encode(text), text).to.deep.equal(ids);
        const decoded = tokenizer.decode([...ids, eosId], { skip_special_tokens: true });
        expect(decoded, text).to.equal(text.replace(/^ /, ''));
      }
    } finally {
      Object.assign(env, { fetch, allowRemoteModels, allowLocalModels, useBrowserCache });
    }
  });
  it('is read back', () => {
    const own = learnBpe([...texts, ' 12 12 12'], 350);
    const read = readTokenizer(JSON.parse(JSON.stringify(tokenizerJson(own))) as object);
    expect(read.vocabulary).to.deep.equal(own.vocabulary);
    expect(read.encode(' red card 12')).to.deep.equal(own.encode(' red card 12'));
  });
  it('rebuilds from vocabulary and merges', () => {
    const { vocabulary, merges, encode } = learnBpe(texts, 350);
    expect(bpe(vocabulary, merges).encode(' red card')).to.deep.equal(encode(' red card'));
  });
});
