import type { Translator } from '@cognate/core';

/** Translators by key (a language, a style), each made once; one that failed is made anew when next asked for. */
export class Translators<Input, Output> {
  readonly #made = new Map<string, Promise<Translator<Input, Output>>>();

  get(key: string, make: () => Promise<Translator<Input, Output>>): Promise<Translator<Input, Output>> {
    const known = this.#made.get(key);
    if (known) return known;
    const made = make();
    this.#made.set(key, made);
    made.catch(() => {
      if (this.#made.get(key) === made) this.#made.delete(key);
    });
    return made;
  }

  /** Releases all of them. */
  clear(): void {
    for (const made of this.#made.values()) {
      made.then((translator) => translator[Symbol.asyncDispose]()).catch(() => {});
    }
    this.#made.clear();
  }
}
