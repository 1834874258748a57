import type { TextFamily } from './family.ts';

/**
 * The text tower of CLIP: `text_embeds` `[b, dim]`, in one space with its image tower.
 * @see Radford et al. 2021, Learning Transferable Visual Models, arXiv:2103.00020.
 */
export const clip: TextFamily = {
  file: 'text_model',
  outputs: ['text_embeds'],
  padding: 'longest',
  rows: ({ data }) => data,
};
