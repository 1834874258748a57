import type { TextFamily } from './family.ts';

/** The graph pools by itself: `sentence_embedding` `[b, dim]`, as sentence-transformers exports it, and as ours do. */
export const sentence: TextFamily = {
  outputs: ['sentence_embedding'],
  padding: 'longest',
  rows: ({ data }) => data,
};
