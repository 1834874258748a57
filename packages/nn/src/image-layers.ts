import type { Random } from '@cognate/core';
import { numpy as np } from '@jax-js/jax';
import { initResidualMlp, residualMlp, type ResidualMlp } from './layers.ts';
import { filled, normal, type DeviceArray, type Tensor } from './tree.ts';

/** `weight` is `[9, from, to]`: one matrix for each neighbour, row by row from the upper left. */
export type Conv3x3<Leaf = DeviceArray> = { weight: Leaf; bias: Leaf };

/** Pictures are `[n, height, width, channels]` throughout: channels last makes each of these layers one matmul. */
export function channelsLast(x: DeviceArray): DeviceArray {
  return np.transpose(x, [0, 2, 3, 1]);
}

/** Cuts `[n, h, w, c]` into squares: `[n, h / side, w / side, side * side * c]`. Both sides must divide. */
export function patchify(x: DeviceArray, side: number): DeviceArray {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const squares = np.transpose(x.reshape([n, h / side, side, w / side, side, c]), [0, 1, 3, 2, 4, 5]);
  return squares.reshape([n, h / side, w / side, side * side * c]);
}

/** `[n, h, w, c]` -> `[n, c]`. */
export function globalAveragePool(x: DeviceArray): DeviceArray {
  return x.mean([1, 2]);
}

export function initConv3x3(random: Random, from: number, to: number): Conv3x3<Tensor> {
  return { weight: normal(random, [9, from, to], Math.sqrt(2 / (9 * from))), bias: filled([to], 0) };
}

/**
 * 3x3 convolution with zero padding, `[n, h, w, from]` -> `[n, h / stride, w / stride, to]`, as nine shifted views, each
 * times its own matrix. `lax.conv` runs at 0.1 GFLOP/s on wasm, this at 16; one concatenated im2col at 5.
 */
export function conv3x3(params: Conv3x3, x: DeviceArray, stride: 1 | 2 = 1): DeviceArray {
  const [n, h, w, from] = x.shape as [number, number, number, number];
  const to = params.weight.shape[2]!;
  const [rows, columns] = [h / stride, w / stride];
  const padded = np.pad(x, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  let sum: DeviceArray | undefined;
  for (let k = 0; k < 9; k++) {
    const [dy, dx] = [Math.floor(k / 3), k % 3];
    let view = padded.ref.slice([], [dy, dy + h], [dx, dx + w], []);
    if (stride === 2) view = view.reshape([n, rows, 2, columns, 2, from]).slice([], [], 0, [], 0, []);
    const part = np.dot(view.reshape([n * rows * columns, from]), params.weight.ref.slice(k));
    sum = sum ? sum.add(part) : part;
  }
  padded.dispose();
  params.weight.dispose();
  return sum!.add(params.bias).reshape([n, rows, columns, to]);
}

/**
 * Moves four groups of channels one pixel down, up, right and left, with zeros at the border; `moved` channels a group,
 * the rest stays. Mixes neighbours without a multiplication: pure slices and concatenations.
 * @see Wang et al. 2022, When Shift Operation Meets Vision Transformer, arXiv:2201.10801.
 */
export function shiftPixels(x: DeviceArray, moved: number): DeviceArray {
  const c = x.shape[3]!;
  const parts: DeviceArray[] = [];
  for (let g = 0; g < 4; g++) {
    const axis = g < 2 ? 1 : 2;
    const length = x.shape[axis]!;
    const group = x.ref.slice([], [], [], [g * moved, (g + 1) * moved]);
    const [kept, pad] =
      g % 2 === 0 ? [[0, length - 1] as const, [1, 0] as const] : [[1, length] as const, [0, 1] as const];
    const cut = axis === 1 ? group.slice([], [...kept], [], []) : group.slice([], [], [...kept], []);
    parts.push(np.pad(cut, [[0, 0], axis === 1 ? [...pad] : [0, 0], axis === 2 ? [...pad] : [0, 0], [0, 0]]));
  }
  parts.push(x.slice([], [], [], [4 * moved, c]));
  return np.concatenate(parts, 3);
}

/** Token mixing by shifting, channel mixing by an MLP: every multiplication is a matmul. */
export type ShiftBlock<Leaf = DeviceArray> = ResidualMlp<Leaf>;

export function initShiftBlock(random: Random, dim: number, hidden: number): ShiftBlock<Tensor> {
  return initResidualMlp(random, dim, hidden);
}

/** `[n, h, w, dim]` -> the same shape. `moved` channels in each of four directions, an eighth of them by default. */
export function shiftBlock(params: ShiftBlock, x: DeviceArray, moved = Math.floor(x.shape[3]! / 8)): DeviceArray {
  return residualMlp(params, shiftPixels(x, moved));
}
