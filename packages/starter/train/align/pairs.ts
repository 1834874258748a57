import { concat, type Embeddings } from '@cognate/core';
import type { Language } from '../text/languages.ts';
import { pick, type Points } from './points.ts';

/** Names in these languages with pictures in these styles. */
export interface PairMix {
  readonly languages: readonly Language[];
  readonly styles: readonly string[];
}

/** Row i of `source` (a name) and of `target` (a picture) are of concept `groups[i]`. */
export interface GroupedPairs {
  readonly source: Embeddings;
  readonly target: Embeddings;
  readonly groups: Int32Array<ArrayBuffer>;
}

/** The pairs of several mixes, one after the other; pairs of one concept stay one group. */
export function mixPairs(points: Points, hexcodes: readonly string[], mixes: readonly PairMix[]): GroupedPairs {
  const parts = mixes.map((mix) => makePairs(points, hexcodes, mix));
  const all = <T>(of: (part: GroupedPairs) => T): [T, ...T[]] => parts.map(of) as [T, ...T[]];
  return {
    source: concat(all(({ source }) => source)),
    target: concat(all(({ target }) => target)),
    groups: Int32Array.from(parts.flatMap(({ groups }) => [...groups])),
  };
}

/**
 * Every picture of the concepts once, with a name in one of the languages in turn, so that each language meets each
 * style; concepts drawn in fewer styles than there are languages come again until every name is in.
 */
export function makePairs(points: Points, hexcodes: readonly string[], { languages, styles }: PairMix): GroupedPairs {
  const chosen: { hexcode: string; group: number; style: string; language: Language }[] = [];
  hexcodes.forEach((hexcode, group) => {
    const drawn = styles.filter((style) => points.pictures.get(style)!.rowOf.has(hexcode));
    if (drawn.length === 0) return;
    for (let i = 0; i < Math.max(drawn.length, languages.length); i++) {
      const language = languages[(i + group) % languages.length]!;
      chosen.push({ hexcode, group, style: drawn[i % drawn.length]!, language });
    }
  });
  const rowsFor = (
    kind: 'language' | 'style',
    key: string,
    set: Parameters<typeof pick>[0],
  ): [number[], Embeddings] => {
    const at = chosen.flatMap((each, i) => (each[kind] === key ? [i] : []));
    return [at, pick(set, at.map((i) => chosen[i]!.hexcode))]; // prettier-ignore
  };
  const merge = (parts: [number[], Embeddings][]): Embeddings => {
    const rows = concat(parts.map(([, each]) => each) as [Embeddings, ...Embeddings[]]);
    const { dim } = rows.space;
    const data = new Float32Array(rows.data.length);
    parts
      .flatMap(([at]) => at)
      .forEach((to, from) => data.set(rows.data.subarray(from * dim, (from + 1) * dim), to * dim));
    return { ...rows, data };
  };
  return {
    source: merge(languages.map((language) => rowsFor('language', language, points.names.get(language)!))),
    target: merge(styles.map((style) => rowsFor('style', style, points.pictures.get(style)!))),
    groups: Int32Array.from(chosen, ({ group }) => group),
  };
}
