import type { ImageFamily } from './family.ts';

/**
 * Vision transformers without pooling head (ViT, DINOv2): the first token of `last_hidden_state` `[b, tokens, dim]`.
 * @see Oquab et al. 2023, DINOv2: Learning Robust Visual Features without Supervision, arXiv:2304.07193.
 */
export const classToken: ImageFamily = {
  outputs: ['last_hidden_state'],
  rows({ data, dims }) {
    const [count = 0, tokens = 0, dim = 0] = dims;
    const out = new Float32Array(count * dim);
    for (let i = 0; i < count; i++) out.set(data.subarray(i * tokens * dim, i * tokens * dim + dim), i * dim);
    return out;
  },
};
