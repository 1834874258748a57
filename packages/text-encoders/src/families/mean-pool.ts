import type { TextFamily } from './family.ts';

/**
 * BERT, MiniLM, E5, XLM-R: one vector per token, `last_hidden_state` `[b, t, dim]`, averaged over the tokens that are
 * no padding.
 * @see Reimers & Gurevych 2019, Sentence-BERT, arXiv:1908.10084, section 3.
 */
export const meanPool: TextFamily = {
  outputs: ['last_hidden_state', 'token_embeddings'],
  padding: 'longest',
  rows({ data, dims }, { attention_mask: mask }) {
    const [count = 0, length = 0, dim = 0] = dims;
    const out = new Float32Array(count * dim);
    for (let i = 0; i < count; i++) {
      for (let t = 0; t < length; t++) {
        if (mask.data[i * length + t] === 0n) continue;
        const from = (i * length + t) * dim;
        for (let k = 0; k < dim; k++) out[i * dim + k]! += data[from + k]!;
      }
    }
    // The sum points where the mean points, and the encoder scales to unit length.
    return out;
  },
};
