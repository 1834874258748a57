import { floats, fromHalf, shown, toHalf, type FileTensor, type Safetensors } from '@cognate/core';
import { broken } from './broken.ts';
import type { Branch, FloatMatrix, Layer, Path, Step } from './path.ts';

/** A step without its arrays, which are tensors named after the place of the step. */
type StepOutline =
  | { readonly kind: Exclude<Step['kind'], 'sparse' | 'gaussian' | 'concat'> }
  | { readonly kind: 'sparse'; readonly keep: number; readonly power: number }
  | { readonly kind: 'gaussian'; readonly sharpness: number }
  | { readonly kind: 'concat'; readonly branches: readonly { readonly weight: number; readonly path: PathOutline }[] };

/** Each branch within a branch adds to the name of its arrays: a longer one was not written by us. */
const longestName = 1000;

/** What the header says of a path. */
export type PathOutline = readonly StepOutline[];

/** Puts the arrays of the path among `tensors`, under `name`, and tells the rest. */
export function writePath(path: Path, name: string, tensors: [string, FileTensor][]): PathOutline {
  return path.map((step, i) => writeStep(step, `${name}.${i}`, tensors));
}

function writeStep(step: Step, name: string, tensors: [string, FileTensor][]): StepOutline {
  const { kind } = step;
  const vector = (field: string, data: Float32Array<ArrayBuffer>): void => {
    tensors.push([`${name}.${field}`, { dtype: 'F32', shape: [data.length], data }]);
  };
  // What was rounded to half precision when it was learned takes half the room, and nothing is lost here.
  const matrix = (field: string, { rows, cols, data }: FloatMatrix): void => {
    const [half, shape] = [toHalf(data), [rows, cols]];
    const exact = fromHalf(half).every((value, i) => value === data[i]);
    tensors.push([`${name}.${field}`, exact ? { dtype: 'F16', shape, data: half } : { dtype: 'F32', shape, data }]);
  };
  switch (kind) {
    case 'unit':
      return { kind };
    case 'center':
    case 'uncenter':
    case 'sphere':
      vector('mean', step.mean);
      return { kind };
    case 'linear':
      matrix('weight', step.weight);
      return { kind };
    case 'residual':
      matrix('linear', step.linear);
      for (const part of ['up', 'down'] as const) {
        matrix(`${part}.weight`, step[part].weight);
        vector(`${part}.bias`, step[part].bias);
      }
      return { kind };
    case 'sparse':
      return { kind, keep: step.keep, power: step.power };
    case 'gaussian':
      return { kind, sharpness: step.sharpness };
    case 'concat': {
      const branches = step.branches.map(({ weight, path }, i) => ({
        weight,
        path: writePath(path, `${name}.${i}`, tensors),
      }));
      return { kind, branches };
    }
  }
}

/**
 * The path that was written under `name`.
 * @param from dimension that it must start from.
 * @param to dimension that it must lead to.
 * @throws {CognateError} `file-format`.
 */
export function readPath(file: Safetensors, outline: unknown, name: string, from: number, to: number): Path {
  const { path, dim } = readSteps(file, outline, name, from);
  if (dim !== to) throw broken(`${name} to lead to ${to} dimensions, got ${dim}`);
  return path;
}

function readSteps(file: Safetensors, outline: unknown, name: string, from: number): { path: Path; dim: number } {
  if (name.length > longestName) throw broken(`branches within branches that end, got ${name.slice(0, 80)}…`);
  if (!Array.isArray(outline)) throw broken(`a list of steps for ${name}, got ${shown(outline)}`);
  const path: Step[] = [];
  let dim = from;
  for (const [i, step] of (outline as unknown[]).entries()) {
    const read = readStep(file, step, `${name}.${i}`, dim);
    path.push(read.step);
    dim = read.dim;
  }
  return { path, dim };
}

function readStep(file: Safetensors, outline: unknown, name: string, dim: number): { step: Step; dim: number } {
  const { kind, keep, power, sharpness, branches } = (outline ?? {}) as Record<string, unknown>;
  switch (kind) {
    case 'unit':
      return { step: { kind }, dim };
    case 'center':
    case 'uncenter':
    case 'sphere':
      return { step: { kind, mean: numbers(file, `${name}.mean`, [dim]) }, dim };
    case 'linear': {
      const weight = readMatrix(file, `${name}.weight`, dim);
      return { step: { kind, weight }, dim: weight.cols };
    }
    case 'residual': {
      const linear = readMatrix(file, `${name}.linear`, dim);
      const up = readLayer(file, `${name}.up`, dim);
      const down = readLayer(file, `${name}.down`, up.weight.cols, linear.cols);
      return { step: { kind, linear, up, down }, dim: linear.cols };
    }
    case 'sparse':
      if (!isPositive(keep) || !Number.isInteger(keep) || !isPositive(power)) {
        throw broken(`a whole and a positive number for ${name}, got ${shown([keep, power])}`);
      }
      return { step: { kind, keep, power }, dim };
    case 'gaussian':
      if (!isPositive(sharpness)) throw broken(`a positive sharpness for ${name}, got ${shown(sharpness)}`);
      return { step: { kind, sharpness }, dim };
    case 'concat': {
      if (!Array.isArray(branches)) throw broken(`branches for ${name}, got ${shown(branches)}`);
      let total = 0;
      const read = (branches as unknown[]).map((branch, i): Branch => {
        const { weight, path: steps } = (branch ?? {}) as Record<string, unknown>;
        if (!isFinite(weight)) throw broken(`a weight for ${name}.${i}, got ${shown(weight)}`);
        const inner = readSteps(file, steps, `${name}.${i}`, dim);
        total += inner.dim;
        return { weight, path: inner.path };
      });
      return { step: { kind, branches: read }, dim: total };
    }
    default:
      throw broken(`a known kind of step for ${name}, got ${shown(kind)}`);
  }
}

/** A matrix whose rows, and columns where `cols` is given, are known. */
function readMatrix(file: Safetensors, name: string, rows: number, cols?: number): FloatMatrix {
  const width = cols ?? file.tensors.get(name)?.shape[1] ?? 0;
  // Between no rows and any number of columns there are no bytes that would vouch for that number.
  if (rows < 1 || width < 1) throw broken(`rows and columns as ${name}, got [${rows}, ${width}]`);
  return { rows, cols: width, data: numbers(file, name, [rows, width]) };
}

function readLayer(file: Safetensors, name: string, rows: number, cols?: number): Layer {
  const weight = readMatrix(file, `${name}.weight`, rows, cols);
  return { weight, bias: numbers(file, `${name}.bias`, [weight.cols]) };
}

/** The named array. @throws {CognateError} `file-format` when it is missing, of another shape, or not all finite. */
export function numbers(file: Safetensors, name: string, shape: readonly number[]): Float32Array<ArrayBuffer> {
  const data = floats(file, name, shape);
  const bad = data.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw broken(`finite numbers as ${name}, got ${bad}`);
  return data;
}

const isFinite = (value: unknown): value is number => Number.isFinite(value);
const isPositive = (value: unknown): value is number => isFinite(value) && value > 0;
