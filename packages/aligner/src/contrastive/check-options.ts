import { CognateError } from '@cognate/core';
import type { ContrastiveOptions } from './contrastive.ts';

/** What a number may be. */
interface Bounds {
  readonly least: number;
  /** Infinity unless told. */
  readonly most?: number;
  readonly whole?: boolean;
}

const bounds = {
  steps: { least: 0, whole: true },
  batch: { least: 1, whole: true },
  hidden: { least: 0, whole: true },
  learningRate: { least: 0, most: 1 },
  mixup: { least: 0, most: 1 },
  twins: { least: -Infinity },
  structure: { least: 0, most: Number.MAX_VALUE },
  seed: { least: -Number.MAX_VALUE, most: Number.MAX_VALUE },
} as const satisfies Partial<Record<keyof ContrastiveOptions, Bounds>>;

/** @throws {CognateError} `invalid-input` naming the option and what it may be. */
export function requireNumber(
  call: string,
  name: string,
  got: unknown,
  { least, most = Infinity, whole }: Bounds,
): void {
  if (typeof got === 'number' && got >= least && got <= most && (!whole || Number.isInteger(got))) return;
  const kind = whole ? 'a whole number' : 'a number';
  const range = [
    ...(Number.isFinite(least) && least > -Number.MAX_VALUE ? [`from ${least}`] : []),
    ...(Number.isFinite(most) && most < Number.MAX_VALUE ? [`to ${most}`] : []),
  ];
  throw new CognateError(
    'invalid-input',
    `${[`${call} needs ${name} to be ${kind}`, ...range].join(' ')}, got ${told(got)}`,
  );
}

const told = (got: unknown): string => (typeof got === 'string' ? JSON.stringify(got) : String(got));

/** @throws {CognateError} `invalid-input` for the first option that is given and makes no sense. */
export function requireContrastive(
  call: string,
  options: { readonly [K in keyof ContrastiveOptions]?: unknown },
): void {
  for (const [name, range] of Object.entries(bounds)) {
    const got = options[name as keyof typeof bounds];
    if (got !== undefined) requireNumber(call, name, got, range);
  }
  const { loss = 'infoNce' } = options;
  if (loss === 'infoNce' || loss === 'sigmoid') return;
  throw new CognateError('invalid-input', `${call} needs loss to be infoNce or sigmoid, got ${String(loss)}`);
}

/** @throws {CognateError} `invalid-input` where training has run away. */
export function requireLoss(call: string, loss: number, step: number, learningRate: number): void {
  if (Number.isFinite(loss)) return;
  throw new CognateError(
    'invalid-input',
    `${call} needs a lower learningRate than ${learningRate}: after ${step} steps the loss is ${loss}`,
  );
}
