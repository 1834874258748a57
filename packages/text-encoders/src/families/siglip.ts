import type { TextFamily } from './family.ts';

/**
 * The text tower of SigLIP: `pooler_output` `[b, dim]`. It was trained on texts padded to the full length, without mask.
 * @see Zhai et al. 2023, Sigmoid Loss for Language Image Pre-Training, arXiv:2303.15343.
 */
export const siglip: TextFamily = {
  file: 'text_model',
  outputs: ['pooler_output'],
  padding: 'max',
  rows: ({ data }) => data,
};
