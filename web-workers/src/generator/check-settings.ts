import { CognateError } from '@cognate/core';
import type { GeneratorChoice, GeneratorSettings } from '../shared/inference.ts';
import { captionLanguages, paintStyles } from '../shared/menus.ts';

/** From where to where each setting may go, and whether in whole numbers. */
const ranges: readonly {
  readonly name: keyof GeneratorSettings;
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}[] = [
  { name: 'seed', low: 0, high: 2 ** 32 - 1, whole: true },
  { name: 'count', low: 1, high: 64, whole: true },
  { name: 'candidates', low: 1, high: 64, whole: true },
  { name: 'temperature', low: 0, high: 4, whole: false },
  { name: 'beams', low: 1, high: 16, whole: true },
  { name: 'steps', low: 0, high: 100, whole: true },
];

/**
 * Refuses what a page may get wrong when it asks for a generator.
 * @throws {CognateError} `invalid-input`, naming it and what there is.
 */
export function checkChoice({ from, to, language, style }: GeneratorChoice): void {
  requireOneOf('starts from', from, ['text', 'image']);
  requireOneOf('makes', to, ['text', 'image']);
  if (to === 'text') {
    const codes = captionLanguages.map(({ code }) => code);
    requireOneOf('writes in', language, codes);
  } else {
    const ids = paintStyles.map(({ id }) => id);
    requireOneOf('paints in the styles', style, ids);
  }
}

/**
 * Refuses settings that are out of range or at odds with each other. Those of the other kind of answer are let pass, so
 * that a page may give the same to both.
 * @throws {CognateError} `invalid-input`, naming the setting, its range and what was got.
 */
export function checkSettings(call: string, settings: GeneratorSettings): void {
  for (const { name, low, high, whole } of ranges) {
    const value: unknown = settings[name];
    if (value === undefined) continue;
    if (typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value))) continue;
    const kind = whole ? 'a whole number' : 'a number';
    const got = typeof value === 'number' ? value : JSON.stringify(value);
    throw refusal(`${call} needs ${kind} from ${low} to ${high} as ${name}, got ${got}`);
  }
  const { count = 1, candidates = count, beams = 1, temperature = 0 } = settings;
  if (candidates < count) {
    throw refusal(`${call} needs at least as many candidates as are wanted, got ${candidates} for a count of ${count}`);
  }
  if (beams > 1 && temperature > 0) {
    throw refusal(`${call} needs beams or a temperature, got ${beams} beams and a temperature of ${temperature}`);
  }
}

function requireOneOf(what: string, got: string, known: readonly string[]): void {
  if (known.includes(got)) return;
  throw refusal(`generator() ${what} ${known.join(', ')}, not ${JSON.stringify(got)}`);
}

const refusal = (message: string): CognateError => new CognateError('invalid-input', message);
