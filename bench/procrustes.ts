/**
 * Orthogonal Procrustes at 512 dimensions and 5,000 pairs: the aligner's products-only polar decomposition next to
 * ml-matrix's singular value decomposition, from the same rows to the same rotation, and next to NumPy's (LAPACK) where
 * Python has it.
 */
import { Matrix as MlMatrix, SingularValueDecomposition } from 'ml-matrix';
import { breather, random } from '@cognate/core';
import { startEngine } from '@cognate/nn';
import { engineMultiply } from '../packages/aligner/src/algebra/accelerate.ts';
import type { FloatMatrix } from '../packages/aligner/src/alignment/path.ts';
import { procrustes } from '../packages/aligner/src/closed-form/procrustes.ts';
import type { Row } from './lib/row.ts';
import { lacking, pythonMs, type BenchHost, type PythonPeer } from './peers/peer.ts';

const count = 5000;
const dim = 512;
const rounds = 7;
/** Runs one after the other, of which the median counts, as in the Python peer: the first ones find cold caches. */
const runsATurn = 5;

export async function run(host: BenchHost, { peer }: { readonly peer: PythonPeer }): Promise<Row[]> {
  const { device, threads } = await startEngine({ device: 'wasm' });
  const [x, y] = noisyPairs();
  const breathe = breather();
  const times = engineMultiply(breathe);
  await procrustes(x, y, times, breathe); // compiles
  const ours: number[] = [];
  let found = new Float64Array();
  const runOurs = async (): Promise<void> => {
    const spent: number[] = [];
    for (let run = 0; run < runsATurn; run++) {
      const start = performance.now();
      found = (await procrustes(x, y, times, breathe)).data;
      spent.push(performance.now() - start);
    }
    ours.push(median(spent));
  };
  const lack = lacking(peer, 'numpy');
  if (lack) host.log(`procrustes.vs-numpy is left out: ${lack}`);
  // By turns: a busy machine slows both. Theirs in TypeScript takes seconds, so it runs once, in the middle.
  const native: number[] = [];
  let wanted: number[] = [];
  let theirs = 0;
  for (let round = 0; round < rounds; round++) {
    await runOurs();
    if (!lack) native.push(await pythonMs(peer, 'procrustes'));
    if (round !== rounds >> 1) continue;
    const start = performance.now();
    wanted = byDecomposition(x, y);
    theirs = performance.now() - start;
  }

  const difference = found.reduce((worst, value, i) => Math.max(worst, Math.abs(value - wanted[i]!)), 0);
  if (difference > 1e-3) throw new Error(`The two rotations differ by ${difference}`);
  const ratios = native.map((time, i) => ours[i]! / time);
  const typical = median(ours);
  const numpy: Row[] = lack
    ? []
    : [
        {
          id: 'procrustes.vs-numpy',
          value: median(ratios),
          unit: 'x the time',
          baseline: 2,
          n: rounds,
          note: `${typical.toFixed(0)} ms next to ${median(native).toFixed(0)} ms in NumPy ${peer.numpy}, single precision`,
        },
      ];
  return [
    {
      id: 'procrustes.vs-ml-matrix',
      value: theirs / typical,
      unit: 'x',
      baseline: 10,
      n: count,
      note: `${typical.toFixed(0)} ms (${device}, ${threads} threads) next to ${theirs.toFixed(0)} ms; entries differ by ${difference.toExponential(0)} at most`,
    },
    ...numpy,
  ];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** Random rows, and the same rows with signs and axes exchanged, under noise. */
function noisyPairs(): [FloatMatrix, FloatMatrix] {
  const { normal, permutation } = random(1);
  const x = new Float32Array(count * dim);
  const y = new Float32Array(count * dim);
  const axes = permutation(dim);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < dim; j++) x[i * dim + j] = normal();
    for (let j = 0; j < dim; j++) y[i * dim + j] = x[i * dim + axes[j]!]! * (j % 2 ? 1 : -1) + normal();
  }
  return [
    { rows: count, cols: dim, data: x },
    { rows: count, cols: dim, data: y },
  ];
}

function byDecomposition(x: FloatMatrix, y: FloatMatrix): number[] {
  const left = MlMatrix.from1DArray(count, dim, x.data);
  const right = MlMatrix.from1DArray(count, dim, y.data);
  const { leftSingularVectors, rightSingularVectors } = new SingularValueDecomposition(left.transpose().mmul(right));
  return leftSingularVectors.mmul(rightSingularVectors.transpose()).to1DArray();
}
