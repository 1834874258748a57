import { random } from '@cognate/core';
import { startEngine, tensor, trainer, treeLeaves, type Tensor, type Tree } from '@cognate/nn';
import { expect } from '@open-wc/testing';
import {
  contrastiveDefaults,
  contrastiveObjective,
  type ContrastiveBatch,
  type ContrastiveParams,
  type ObjectiveOptions,
} from './contrastive.ts';

type Matrix = number[][];

const { loss, twins } = contrastiveDefaults;
const plain: ObjectiveOptions = { loss, twins: 1, structure: 0 };

/** The objective in double precision, from its definition. */
function reference(params: ContrastiveParams<Tensor>, x: Tensor, y: Tensor, options: ObjectiveOptions): number {
  const [before, after] = [
    [rowsOf(x), rowsOf(y)],
    [head(params.source, rowsOf(x)), head(params.target, rowsOf(y))],
  ] as const;
  const [scale, bias] = [Math.exp(params.logScale.data[0]!), params.bias?.data[0] ?? 0];
  const logits = product(after[0], transposed(after[1])).map((line) => line.map((cosine) => scale * cosine + bias));
  const counts = logits.map((line, i) =>
    line.map((_, j) => i === j || before.every((side) => cosine(side[i]!, side[j]!) <= options.twins)),
  );
  const penalty = before.reduce((sum, side, i) => sum + structure(side, after[i]!), 0);
  return (options.loss === 'sigmoid' ? sigmoid(logits, counts) : infoNce(logits, counts)) + options.structure * penalty;
}

function infoNce(logits: Matrix, counts: boolean[][]): number {
  let sum = 0;
  logits.forEach((_, i) => {
    const own = logits[i]![i]!;
    const row = logits[i]!.reduce((total, value, j) => total + (counts[i]![j] ? Math.exp(value - own) : 0), 0);
    const column = logits.reduce((total, line, j) => total + (counts[j]![i] ? Math.exp(line[i]! - own) : 0), 0);
    sum += (Math.log(row) + Math.log(column)) / 2;
  });
  return sum / logits.length;
}

function sigmoid(logits: Matrix, counts: boolean[][]): number {
  let sum = 0;
  logits.forEach((line, i) =>
    line.forEach((value, j) => {
      if (counts[i]![j]) sum += Math.log1p(Math.exp(i === j ? -value : value));
    }),
  );
  return sum / logits.length;
}

function structure(before: Matrix, after: Matrix): number {
  const [p, q] = [walk(before), walk(after)];
  return (divergence(p, q) + divergence(product(p, p), product(q, q)) / 2) / 2;
}

function walk(rows: Matrix): Matrix {
  const unit = rows.map(normalized);
  const mean = unit[0]!.map((_, j) => unit.reduce((sum, row) => sum + row[j]! / unit.length, 0));
  const centred = unit.map((row) => row.map((value, j) => value - mean[j]!));
  return product(centred, transposed(centred)).map((line) => {
    const total = line.reduce((sum, value) => sum + Math.exp(value / 0.1), 0);
    return line.map((value) => Math.exp(value / 0.1) / total);
  });
}

function divergence(p: Matrix, q: Matrix): number {
  let sum = 0;
  p.forEach((line, i) =>
    line.forEach((a, j) => {
      const b = q[i]![j]!;
      sum += (a * Math.log((2 * a) / (a + b)) + b * Math.log((2 * b) / (a + b))) / 2;
    }),
  );
  return sum / p.length;
}

function head({ linear, mlp }: ContrastiveParams<Tensor>['source'], rows: Matrix): Matrix {
  const layer = ({ weight, bias }: NonNullable<typeof mlp>['up'], x: Matrix): Matrix =>
    product(x, rowsOf(weight)).map((row) => row.map((value, j) => value + bias.data[j]!));
  const bent = layer(mlp!.up, rows).map((row) => row.map((value) => (value / 2) * (1 + erf(value / Math.SQRT2))));
  const residual = layer(mlp!.down, bent);
  return product(rows, rowsOf(linear)).map((row, i) => normalized(row.map((value, j) => value + residual[i]![j]!)));
}

/** By its power series. */
function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function rowsOf({ shape, data }: Tensor): Matrix {
  const [count, dim] = shape as [number, number];
  return Array.from({ length: count }, (_, i) => [...data.subarray(i * dim, (i + 1) * dim)]);
}

function product(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
}

function transposed(a: Matrix): Matrix {
  return a[0]!.map((_, j) => a.map((row) => row[j]!));
}

function normalized(row: number[]): number[] {
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
}

function cosine(a: number[], b: number[]): number {
  const [u, v] = [normalized(a), normalized(b)];
  return u.reduce((sum, value, i) => sum + value * v[i]!, 0);
}

/** Small heads with an MLP, and a batch of which rows 1 and 4 of the source side are nearly the same. */
function example(kind: ObjectiveOptions['loss']): { params: ContrastiveParams<Tensor>; x: Tensor; y: Tensor } {
  const { normal } = random(4);
  const filled = (...shape: number[]): Tensor =>
    tensor(
      shape,
      Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () => 0.7 * normal()),
    );
  const layer = (from: number, to: number) => ({ weight: filled(from, to), bias: filled(to) });
  const make = (from: number) => ({ linear: filled(from, 3), mlp: { up: layer(from, 4), down: layer(4, 3) } });
  const scalar = (value: number): Tensor => tensor([], Float32Array.of(value));
  const params: ContrastiveParams<Tensor> = { source: make(4), target: make(3), logScale: scalar(1.2) };
  if (kind === 'sigmoid') params.bias = scalar(-0.8);
  const [x, y] = [filled(6, 4), filled(6, 3)];
  for (let j = 0; j < 4; j++) x.data[4 * 4 + j] = x.data[4 + j]! * 1.5 + 0.01 * j;
  return { params, x, y };
}

describe('contrastiveObjective()', function () {
  this.timeout(60_000);
  before(() => startEngine());

  const kinds: [string, ObjectiveOptions][] = [
    ['InfoNCE', plain],
    ['InfoNCE without near-duplicates', { ...plain, twins }],
    ['the sigmoid loss', { ...plain, loss: 'sigmoid' }],
    ['the sigmoid loss without near-duplicates', { ...plain, loss: 'sigmoid', twins }],
    ['InfoNCE and the structure of either side', { ...plain, structure: 3 }],
  ];

  for (const [name, options] of kinds) {
    it(`has the value and the gradient of ${name}, next to finite differences in double precision`, async () => {
      const { params, x, y } = example(options.loss);
      // A first step of plain gradient descent in AdamW's clothes: the mean gradient is (1 - beta1) times the gradient.
      using training = trainer<ContrastiveParams<Tensor>, ContrastiveBatch>({
        params,
        loss: contrastiveObjective(options),
        optimizer: { beta1: 0, clipNorm: Infinity },
      });
      const { loss: value } = await training.update({ source: x, target: y }, 0);
      const wanted = reference(params, x, y, options);
      expect(value).to.be.closeTo(wanted, 3e-6 * Math.max(1, wanted));
      const gradients = treeLeaves<Tensor>((await training.save()).mean as Tree<Tensor>);
      for (const [path, leaf] of treeLeaves<Tensor>(params as Tree<Tensor>)) {
        const precise = { shape: leaf.shape, data: new Float64Array(leaf.data) } as unknown as { data: number[] };
        const at = (i: number, shift: number): number => {
          const moved = replaced(params, path, {
            ...precise,
            data: precise.data.map((v, k) => v + (k === i ? shift : 0)),
          });
          return reference(moved, x, y, options);
        };
        leaf.data.forEach((_, i) => {
          const slope = (at(i, 1e-5) - at(i, -1e-5)) / 2e-5;
          expect(gradients.get(path)!.data[i], `${path}[${i}]`).to.be.closeTo(slope, 5e-6);
        });
      }
    });
  }

  it('does not push near-duplicates apart', async () => {
    const { params, x, y } = example('infoNce');
    const value = async (options: ObjectiveOptions): Promise<number> => {
      using training = trainer<ContrastiveParams<Tensor>, ContrastiveBatch>({
        params,
        loss: contrastiveObjective(options),
      });
      return (await training.update({ source: x, target: y }, 0)).loss;
    };
    expect(await value({ ...plain, twins })).to.be.below((await value(plain)) - 1e-3);
  });
});

function replaced(params: ContrastiveParams<Tensor>, path: string, leaf: unknown): ContrastiveParams<Tensor> {
  const [key, ...rest] = path.split('.') as [keyof ContrastiveParams, ...string[]];
  const put = (tree: unknown, keys: string[]): unknown => {
    const [first, ...others] = keys;
    if (first === undefined) return leaf;
    const branch = tree as Record<string, unknown>;
    return { ...branch, [first]: put(branch[first], others) };
  };
  return put(params, [key, ...rest]) as ContrastiveParams<Tensor>;
}
