/** Ids that never change; the 256 bytes follow, then merges in order. */
export const bosId = 0;
export const eosId = 1;
const specials = ['<bos>', '<eos>'] as const;

/** A word keeps the space before it; commas stand alone, other signs belong to their word: `flag:` is one. */
export const wordPattern = ' ?[^ ,]+|,| +';

/** Byte-level byte pair encoding, learned. */
export interface Bpe {
  /** Tokens by id, bytes written as the printable characters of GPT-2. */
  readonly vocabulary: readonly string[];
  /** Pairs of tokens in the order in which they were joined. */
  readonly merges: readonly (readonly [string, string])[];
  /** Ids of a text, without `<bos>` and `<eos>`. */
  encode(text: string): number[];
  /** The text of ids; special ones are left out. */
  decode(ids: Iterable<number>): string;
}

/** A printable character for each byte, as GPT-2 chose them: its own where it has one. */
export const byteCharacters: readonly string[] = (() => {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
})();

/** A word as the ids of its tokens so far, and how often it occurs. */
interface Word {
  ids: number[];
  readonly count: number;
}

/**
 * Learns up to `size` tokens: again and again joins the pair of neighbours that occurs most often, until none occurs
 * twice. Ties go to the pair met first, so that the same texts give the same tokens.
 * @see Sennrich, Haddow and Birch 2016, Neural Machine Translation of Rare Words with Subword Units, arXiv:1508.07909.
 */
export function learnBpe(texts: Iterable<string>, size: number): Bpe {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of splitWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts].map(([word, count]): Word => ({ ids: byteIds(word), count }));
  const vocabulary: string[] = [...specials, ...byteCharacters];
  const merges: [string, string][] = [];

  // Pairs as one number, with how often each occurs and where it has ever been seen.
  const width = 2 ** 20;
  const frequency = new Map<number, number>();
  const places = new Map<number, Set<Word>>();
  const count = (word: Word, sign: 1 | -1): void => {
    for (let i = 0; i + 1 < word.ids.length; i++) {
      const pair = word.ids[i]! * width + word.ids[i + 1]!;
      frequency.set(pair, (frequency.get(pair) ?? 0) + sign * word.count);
      if (sign < 0) continue;
      const seen = places.get(pair);
      if (seen) seen.add(word);
      else places.set(pair, new Set([word]));
    }
  };
  for (const word of words) count(word, 1);
  while (vocabulary.length < size) {
    let [best, most] = [-1, 1];
    for (const [pair, times] of frequency) if (times > most) [best, most] = [pair, times];
    if (best < 0) break;
    const [left, right] = [Math.floor(best / width), best % width];
    const id = vocabulary.length;
    vocabulary.push(vocabulary[left]! + vocabulary[right]!);
    merges.push([vocabulary[left]!, vocabulary[right]!]);
    for (const word of places.get(best)!) {
      count(word, -1);
      word.ids = join(word.ids, left, right, id);
      count(word, 1);
    }
    frequency.delete(best);
    places.delete(best);
  }
  return bpe(vocabulary, merges);
}

/** The encoder of a learned vocabulary. */
export function bpe(vocabulary: readonly string[], merges: Bpe['merges']): Bpe {
  const idOf = new Map(vocabulary.map((token, id) => [token, id]));
  const rank = new Map(merges.map(([left, right], i) => [`${left} ${right}`, i]));
  const byteOf = new Map(byteCharacters.map((character, byte) => [character, byte]));
  const known = new Map<string, readonly number[]>();
  const encodeWord = (word: string): readonly number[] => {
    let ids = byteIds(word);
    for (;;) {
      let [best, at] = [Infinity, -1];
      for (let i = 0; i + 1 < ids.length; i++) {
        const place = rank.get(`${vocabulary[ids[i]!]} ${vocabulary[ids[i + 1]!]}`) ?? Infinity;
        if (place < best) [best, at] = [place, i];
      }
      if (at < 0) return ids;
      const [left, right] = [ids[at]!, ids[at + 1]!];
      ids = join(ids, left, right, idOf.get(vocabulary[left]! + vocabulary[right]!)!);
    }
  };
  return {
    vocabulary,
    merges,
    encode: (text) =>
      splitWords(text).flatMap((word) => {
        const ids = known.get(word) ?? encodeWord(word);
        known.set(word, ids);
        return ids;
      }),
    decode(ids) {
      const characters = [...ids].filter((id) => id >= specials.length).flatMap((id) => [...vocabulary[id]!]);
      return new TextDecoder().decode(Uint8Array.from(characters, (character) => byteOf.get(character)!));
    },
  };
}

/** `tokenizer.json` of Hugging Face: decodes without the space at the start. */
export function tokenizerJson({ vocabulary, merges }: Bpe): object {
  const special = (id: number): object => ({
    id,
    content: vocabulary[id],
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special(bosId), special(eosId)],
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: wordPattern }, behavior: 'Isolated', invert: false },
        byteLevel,
      ],
    },
    post_processor: null,
    decoder: { type: 'Sequence', decoders: [byteLevel, { type: 'Strip', content: ' ', start: 1, stop: 0 }] },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      merges: merges.map((pair) => pair.join(' ')),
    },
  };
}

/** The encoder that a `tokenizer.json` of `tokenizerJson` describes. */
export function readTokenizer(json: object): Bpe {
  const { model } = json as { model: { vocab: Record<string, number>; merges: readonly string[] } };
  const vocabulary: string[] = [];
  for (const [token, id] of Object.entries(model.vocab)) vocabulary[id] = token;
  return bpe(
    vocabulary,
    model.merges.map((pair) => pair.split(' ') as [string, string]),
  );
}

export function tokenizerConfig(maxTokens: number): object {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: maxTokens,
    bos_token: specials[bosId],
    eos_token: specials[eosId],
    pad_token: specials[eosId],
    clean_up_tokenization_spaces: false,
  };
}

function splitWords(text: string): string[] {
  return text.match(new RegExp(wordPattern, 'gu')) ?? [];
}

function byteIds(word: string): number[] {
  return Array.from(new TextEncoder().encode(word), (byte) => specials.length + byte);
}

function join(ids: readonly number[], left: number, right: number, joined: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === left && ids[i + 1] === right) {
      out.push(joined);
      i++;
    } else out.push(ids[i]!);
  }
  return out;
}
