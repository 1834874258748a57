/** Between words, at both ends, and in place of all that is no letter, mark, digit or lone sign. */
export const boundary = '▁';

/** Ids that never change; characters follow. */
export const padId = 0;
export const boundaryId = 1;
export const unknownId = 2;
const reserved = ['<pad>', boundary, '<unk>'] as const;

/**
 * The steps of the normalizer, in order. Accents of Latin letters go, so that `creme` finds `crème`; the marks that
 * carry vowels in other scripts stay.
 */
const accents = '[\\u0300-\\u036f]';
const separators = '[\\s,:;.!?"“”„«»()\\[\\]’\'`´/&_-]+';

/** Text -> ids of its characters, with a boundary at each end: what the shipped `tokenizer.json` does, number for number. */
export interface Tokenizer {
  /** Characters by id. */
  readonly vocabulary: readonly string[];
  encode(text: string): Int32Array<ArrayBuffer>;
}

/** Splits a text into the characters that the model sees, boundaries inside included, those at the ends not. */
export function characters(text: string): string[] {
  const plain = text.normalize('NFKD').replace(new RegExp(accents, 'gu'), '').toLowerCase();
  return [...plain.replace(new RegExp(separators, 'gu'), boundary)];
}

/** Characters of `texts` that at least `least` texts share, commonest first. */
export function collectCharacters(texts: Iterable<string>, least = 2): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) for (const each of new Set(characters(text))) counts.set(each, (counts.get(each) ?? 0) + 1);
  counts.delete(boundary);
  const kept = [...counts].filter(([, count]) => count >= least);
  return kept.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([each]) => each);
}

export function characterTokenizer(known: readonly string[]): Tokenizer {
  const vocabulary = [...reserved, ...known];
  const ids = new Map(vocabulary.map((each, id) => [each, id]));
  return {
    vocabulary,
    encode(text) {
      const inner = characters(text);
      const out = new Int32Array(inner.length + 2).fill(boundaryId);
      inner.forEach((each, i) => (out[i + 1] = ids.get(each) ?? unknownId));
      return out;
    },
  };
}

/** `tokenizer.json`: byte pair encoding without a single merge leaves characters. */
export function tokenizerJson({ vocabulary }: Tokenizer): object {
  const special = (id: number): object => ({
    id,
    content: vocabulary[id],
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  const end = { SpecialToken: { id: boundary, type_id: 0 } };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special(padId), special(unknownId)],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFKD' },
        { type: 'Replace', pattern: { Regex: accents }, content: '' },
        { type: 'Lowercase' },
        { type: 'Replace', pattern: { Regex: separators }, content: boundary },
      ],
    },
    pre_tokenizer: null,
    post_processor: {
      type: 'TemplateProcessing',
      single: [end, { Sequence: { id: 'A', type_id: 0 } }, end],
      pair: [],
      special_tokens: { [boundary]: { id: boundary, ids: [boundaryId], tokens: [boundary] } },
    },
    decoder: { type: 'Replace', pattern: { String: boundary }, content: ' ' },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: vocabulary[unknownId],
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(vocabulary.map((each, id) => [each, id])),
      merges: [],
    },
  };
}

export function tokenizerConfig(maxTokens: number): object {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: maxTokens,
    pad_token: reserved[padId],
    unk_token: reserved[unknownId],
    padding_side: 'right',
    clean_up_tokenization_spaces: false,
  };
}
