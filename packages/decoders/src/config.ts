import { CognateError, type Space } from '@cognate/core';
import type { CycleCalibration } from './cycle-trust.ts';

/** The part of a decoder's `config.json` under the key `cognate`, checked field by field. */
export interface DecoderConfig {
  readonly space: Space;
  readonly calibration?: CycleCalibration | undefined;
  /** A list of distinct names, at least one. */
  names(field: string): readonly string[];
  /** A number of `low` or more. */
  number(field: string, low: number, whole?: boolean): number;
}

/**
 * @param call named in messages, e.g. `loadPainter()`.
 * @throws {CognateError} `file-format` naming the first field that is missing or of no use; its methods too.
 */
export function decoderConfig(call: string, model: string, config: Readonly<Record<string, unknown>>): DecoderConfig {
  const own = (config['cognate'] ?? {}) as Readonly<Record<string, unknown>>;
  const refuse = (field: string, rule: string): never => {
    const got = JSON.stringify(own[field]) ?? 'nothing';
    const message = `${call} needs ${rule} as cognate.${field} in config.json of ${model}, got ${got.slice(0, 80)}`;
    throw new CognateError('file-format', message);
  };
  const { space, trust } = own as { space?: Partial<Space> | null; trust?: Partial<CycleCalibration> | null };
  if (typeof space?.id !== 'string' || !Number.isInteger(space.dim) || !(space.dim! > 0)) {
    return refuse('space', 'a space with id and dim');
  }
  if (trust !== undefined && !(Number.isFinite(trust?.slope) && Number.isFinite(trust?.offset))) {
    return refuse('trust', 'slope and offset');
  }
  return {
    space: { id: space.id, dim: space.dim!, normalized: true },
    calibration: trust ? { slope: trust.slope!, offset: trust.offset! } : undefined,
    names(field) {
      const value = own[field];
      const fits = Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');
      return fits && new Set(value).size === value.length ? value : refuse(field, 'a list of names');
    },
    number(field, low, whole = true) {
      const value = own[field];
      const fits = typeof value === 'number' && value >= low && (whole ? Number.isInteger(value) : value < Infinity);
      return fits ? value : refuse(field, `a ${whole ? 'whole ' : ''}number of ${low} or more`);
    },
  };
}
