import type { GenerateOptions } from '@cognate/web-workers';
import { property } from 'lit/decorators.js';
import { CognateElement } from './cognate-element.ts';
import './events.ts';

/** What the elements that write and paint have in common: a seed, for those who want to see the same again. */
export abstract class MakingElement extends CognateElement {
  /** The same seed makes the same samples; seed 0 writes what is likeliest, any other draws its words. */
  @property({ type: Number }) seed = 0;

  /** The visitor asked for another sample, or for that of a seed. */
  protected readonly reseed = (seed: number): void => {
    this.seed = seed;
    this.send('cognate-change', { property: 'seed', value: String(seed) });
  };

  /** How texts are written. */
  protected writing(): GenerateOptions {
    return { seed: this.seed, temperature: this.seed > 0 ? 0.7 : 0 };
  }
}
