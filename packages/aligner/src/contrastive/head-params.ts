import type { Random } from '@cognate/core';
import { tensor, type Mlp, type Tensor } from '@cognate/nn';
import { halved } from '../alignment/half.ts';
import { headPath, type FloatMatrix, type Layer, type Path } from '../alignment/path.ts';
import type { MatrixLike } from '../algebra/matrix.ts';
import type { HeadParams } from './contrastive.ts';

/** A path of the form that training can start from and ends with: minus the mean, to unit length, one map, to unit length. */
interface TrainableHead {
  readonly mean: Float32Array<ArrayBuffer>;
  readonly linear: FloatMatrix;
  readonly mlp?: { readonly up: Layer; readonly down: Layer } | undefined;
}

/** Whether training can start from the path. */
export function isTrainable(path: Path): boolean {
  return headOf(path) !== undefined;
}

/** What rows are shifted by on the path. @throws {RangeError} unless `isTrainable(path)`. */
export function meanOf(path: Path): Float32Array<ArrayBuffer> {
  return trainable(path).mean;
}

/**
 * Parameters that begin where the path is: its matrix goes on as the linear part, scaled so that `rows` come out with
 * unit length on average; a residual MLP that it lacks begins with an output of zero.
 * @param rows `[count, from]`, as the head will meet them. @param hidden width of the MLP, 0 for none.
 * @throws {RangeError} unless `isTrainable(path)`.
 */
export function initialParams(path: Path, rows: MatrixLike, hidden: number, draw: Random): HeadParams<Tensor> {
  const { linear, mlp } = trainable(path);
  const { rows: from, cols: to } = linear;
  if (mlp)
    return { linear: tensor([from, to], linear.data), mlp: { up: layerParams(mlp.up), down: layerParams(mlp.down) } };
  const weight = tensor([from, to], rescaled(rows, linear));
  if (hidden === 0) return { linear: weight };
  const normal = Float32Array.from({ length: from * hidden }, () => draw.normal());
  return {
    linear: weight,
    mlp: {
      up: { weight: tensor([from, hidden], normal), bias: tensor([hidden], new Float32Array(hidden)) },
      down: {
        weight: tensor([hidden, to], new Float32Array(hidden * to)),
        bias: tensor([to], new Float32Array(to)),
      },
    },
  };
}

/** The path of trained parameters. With an MLP it is rounded to half precision, as its file keeps it, so that a loaded alignment is the same. */
export function trainedPath(mean: Float32Array<ArrayBuffer>, { linear, mlp }: HeadParams<Tensor>): Path {
  if (!mlp) return headPath(mean, { kind: 'linear', weight: floatMatrix(linear) });
  const layer = ({ weight, bias }: Mlp<Tensor>['up']): Layer => ({
    weight: halved(floatMatrix(weight)),
    bias: bias.data as Float32Array<ArrayBuffer>,
  });
  const [up, down] = [layer(mlp.up), layer(mlp.down)];
  return headPath(mean, { kind: 'residual', linear: halved(floatMatrix(linear)), up, down });
}

function trainable(path: Path): TrainableHead {
  const head = headOf(path);
  if (!head) throw new RangeError(`training cannot start from ${path.map(({ kind }) => kind).join(', ')}`);
  return head;
}

function headOf(path: Path): TrainableHead | undefined {
  const [first, second, map, last, ...rest] = path;
  if (first?.kind !== 'center' || second?.kind !== 'unit' || rest.length > 0) return undefined;
  const { mean } = first;
  if (!map) return { mean, linear: identity(mean.length) };
  if (last?.kind !== 'unit') return undefined;
  if (map.kind === 'linear') return { mean, linear: map.weight };
  return map.kind === 'residual' ? { mean, linear: map.linear, mlp: map } : undefined;
}

function identity(dim: number): FloatMatrix {
  const data = new Float32Array(dim * dim);
  for (let i = 0; i < dim; i++) data[i * dim + i] = 1;
  return { rows: dim, cols: dim, data };
}

/** Rows that tell the average length well enough, and in a moment. */
const enoughRows = 64;

function rescaled(rows: MatrixLike, weight: FloatMatrix): Float32Array<ArrayBuffer> {
  let square = 0;
  const count = Math.min(rows.rows, enoughRows);
  const row = new Float64Array(weight.cols);
  for (let i = 0; i < count; i++) {
    row.fill(0);
    for (let k = 0; k < rows.cols; k++) {
      const x = rows.data[i * rows.cols + k]!;
      for (let j = 0; j < weight.cols; j++) row[j]! += x * weight.data[k * weight.cols + j]!;
    }
    for (const value of row) square += value * value;
  }
  const scale = square > 0 ? Math.sqrt(count / square) : 1;
  return weight.data.map((value) => value * scale);
}

function layerParams({ weight, bias }: Layer): Mlp<Tensor>['up'] {
  return { weight: tensor([weight.rows, weight.cols], weight.data), bias: tensor([bias.length], bias) };
}

function floatMatrix({ shape, data }: Tensor): FloatMatrix {
  return { rows: shape[0]!, cols: shape[1]!, data: data as Float32Array<ArrayBuffer> };
}
