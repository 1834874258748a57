import type { AlignmentReport, Interval, MeasuredScores, RetrievalScores } from './report.ts';
import type { Space } from './embeddings.ts';

/** What JSON must look like to be a T: the compiler demands every field of it. */
type Shape<T> = [T] extends [number]
  ? 'number'
  : [T] extends [string]
    ? 'string'
    : [T] extends [boolean]
      ? 'boolean'
      : [T] extends [readonly (infer Each)[]]
        ? { readonly each: Shape<Each> }
        : { readonly fields: { readonly [K in keyof T]-?: Field<T, K> } };

/** Fields that may be missing say so. */
type Field<T, K extends keyof T> =
  object extends Pick<T, K> ? { readonly maybe: Shape<Exclude<T[K], undefined>> } : Shape<T[K]>;

type AnyShape =
  | 'number'
  | 'string'
  | 'boolean'
  | { readonly each: AnyShape }
  | { readonly fields: Readonly<Record<string, AnyShape | { readonly maybe: AnyShape }>> };

const number = 'number';
const string = 'string';
const strings = { each: string } as const;
const compared = { value: number, chance: number } as const;
const tested = { ...compared, p: number } as const;
const sides = { fields: { source: number, target: number } } as const;
const ways = { fields: { forward: number, backward: number } } as const;
const interval: Shape<Interval> = { fields: { low: number, high: number } };
const space: Shape<Space> = { fields: { id: string, dim: number, normalized: 'boolean' } };

const retrieval = {
  recallAt1: number,
  recallAt5: number,
  recallAt10: number,
  medianRank: number,
  mrr: number,
  foscttm: number,
} as const;
const scores: Shape<RetrievalScores> = { fields: retrieval };
const measured: Shape<MeasuredScores> = {
  fields: {
    ...retrieval,
    interval: { fields: { recallAt1: interval, recallAt5: interval, recallAt10: interval } },
    repeated: { fields: { over: string, times: number } },
    plain: scores,
  },
};
const calibration = {
  fields: { slope: number, offset: number, listed: number, candidates: number, queries: number },
} as const;
const cycle = { fields: { cosine: number, recallAt1: number, points: number } } as const;

const report: Shape<AlignmentReport> = {
  fields: {
    method: string,
    reason: string,
    tried: { each: { fields: { method: string, mrr: number, recallAt10: number, seconds: number } } },
    trainPairs: number,
    heldOutPairs: number,
    forward: { maybe: measured },
    backward: { maybe: measured },
    chance: scores,
    shuffled: { maybe: scores },
    forecast: {
      maybe: {
        fields: {
          pairs: number,
          cka: { fields: tested },
          mutualKnn: { fields: { ...tested, k: number } },
          effectiveRank: sides,
          hubness: sides,
          gap: { maybe: number },
          outlook: string,
          reason: string,
        },
      },
    },
    learningCurve: {
      maybe: {
        fields: {
          points: { each: { fields: { pairs: number, recallAt1: number, recallAt10: number, sd: number } } },
          repeats: number,
          method: string,
          more: { maybe: { fields: { pairs: number, gain: number } } },
        },
      },
    },
    verdict: { fields: { level: string, reasons: strings } },
    suspects: { each: { fields: { pair: number, deviation: number, rank: ways, nearest: ways } } },
    matching: {
      maybe: {
        fields: {
          runs: number,
          agreement: { fields: compared },
          fit: { fields: compared },
          cka: { fields: compared },
          clusters: { fields: { ...compared, random: number } },
        },
      },
    },
    cycle: { maybe: { fields: { source: cycle, target: cycle } } },
    chain: {
      maybe: {
        each: {
          fields: {
            source: space,
            target: space,
            method: string,
            recallAt10: { maybe: number },
            sameThings: { maybe: 'boolean' },
          },
        },
      },
    },
    calibration: { maybe: { fields: { forward: calibration, backward: calibration } } },
    seed: number,
  },
};

/** True for what has every field of a report with a value of its kind; others wrote an earlier version, or are damaged. */
export function isReport(value: unknown): value is AlignmentReport {
  return fits(value, report);
}

function fits(value: unknown, shape: AnyShape): boolean {
  if (shape === 'number') return Number.isFinite(value);
  if (typeof shape === 'string') return typeof value === shape;
  if ('each' in shape) return Array.isArray(value) && value.every((one) => fits(one, shape.each));
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return Object.entries(shape.fields).every(([name, field]) => {
    const held = fields.get(name);
    if (typeof field === 'string' || !('maybe' in field)) return fits(held, field);
    return held === undefined || fits(held, field.maybe);
  });
}
