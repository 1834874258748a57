import { fromHalf, toHalf } from '@cognate/core';
import type { FloatMatrix, Heads, Path } from './path.ts';

/** Half precision tells numbers apart from a ten-millionth of this on. */
const largest = 1024;

/**
 * Kernels, which hold many rows and weights, rounded to half precision, so that their file takes half the room and what is
 * loaded from it is the same; other heads as they are.
 */
export function halvedKernels({ source, target }: Heads): Heads {
  return { source: halvedKernel(source), target: halvedKernel(target) };
}

function halvedKernel(path: Path): Path {
  const bend = path.findIndex(({ kind }) => kind === 'gaussian');
  if (bend < 0) return path;
  return path.map((step, i) => {
    if (step.kind !== 'linear') return step;
    // Rows are of unit length; weights may be of any, since their sums are scaled to unit length.
    return { ...step, weight: halved(i > bend ? scaled(step.weight) : step.weight) };
  });
}

/** By a power of two, which rounds nothing. */
function scaled({ rows, cols, data }: FloatMatrix): FloatMatrix {
  const top = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const factor = top > 0 ? 2 ** Math.floor(Math.log2(largest / top)) : 1;
  return { rows, cols, data: data.map((value) => value * factor) };
}

export function halved({ rows, cols, data }: FloatMatrix): FloatMatrix {
  return { rows, cols, data: rounded(data) };
}

/** To half precision, as files keep it, so that what is loaded is the same. */
export function rounded(data: Float32Array): Float32Array<ArrayBuffer> {
  return fromHalf(toHalf(data));
}
