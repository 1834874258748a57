import { breather, CognateError, type Breathe, type CallOptions, type Embeddings } from '@cognate/core';
import {
  compile,
  l2Normalize,
  release,
  startEngine,
  tensor,
  toDevice,
  trainer,
  type DeviceArray,
  type MapTree,
  type Tensor,
} from '@cognate/nn';
import { engineTools } from '../algebra/accelerate.ts';
import { closedForms } from '../closed-form/closed-forms.ts';
import { numbered } from '../groups.ts';
import { centred, type Side } from '../pairs.ts';
import { requireContrastive, requireLoss } from './check-options.ts';
import {
  contrastiveObjective,
  contrastiveSettings,
  type ContrastiveBatch,
  type ContrastiveOptions,
  type ContrastiveParams,
} from './contrastive.ts';
import { initialWeights, rateOf } from './contrastive-training.ts';
import { mixedBatches } from './mixed-batches.ts';

/** An encoder that can be differentiated: parameters and a function, as in `@cognate/nn`. */
export interface Tower<Params> {
  /** A tree of tensors; copied. */
  readonly params: Params;
  /** `[n, ...]` inputs to `[n, dim]` points; consumes both, and runs once for each shape, to be traced. */
  readonly apply: (params: MapTree<Params, DeviceArray>, inputs: DeviceArray) => DeviceArray;
  /** `[count, ...]` float32: what goes in for each pair. Kept as it is. */
  readonly inputs: Tensor;
  /** Whether its own parameters learn as well; otherwise it is locked, and only the head behind it learns. */
  readonly unlocked?: boolean | undefined;
}

/** `mixup` has no place here: inputs of towers need not be numbers that can be mixed. */
export interface TowerOptions extends CallOptions, Partial<Omit<ContrastiveOptions, 'mixup'>> {
  /** `[count]`: pairs of one group mean the same thing, as in `fit()`. Each pair by itself unless told. */
  readonly groups?: ArrayLike<number> | undefined;
}

/** Slower than heads alone: a tower that has learned elsewhere should change its mind with care. */
const towerRate = 3e-4;

/**
 * Trains two towers and the heads behind them on pairs: input i of one side belongs to input i of the other. Locked
 * towers, the default, keep what they have learned elsewhere; an unlocked one learns jointly with the heads. What the
 * towers then encode goes to `fit()`, which measures it on pairs that were not used here.
 * @returns the parameters of both towers; a locked one's are those that it came with.
 * @throws {CognateError} `shape-mismatch` when counts differ, `invalid-input` for inputs that are not float32 or not
 * finite, for options that make no sense, and where the loss runs away. Aborting
 * rejects with `signal.reason`.
 * @see Zhai et al. 2022, LiT: Zero-Shot Transfer with Locked-image text Tuning, arXiv:2111.07991.
 */
export async function trainTowers<P, Q>(
  source: Tower<P>,
  target: Tower<Q>,
  { groups, signal, onProgress, ...options }: TowerOptions = {},
): Promise<{ source: P; target: Q }> {
  requireContrastive('trainTowers()', options);
  const count = requireInputs(source.inputs, target.inputs, groups);
  await startEngine();
  const settings = contrastiveSettings({ learningRate: towerRate, ...options });
  const { steps, learningRate, batch, seed } = settings;
  const breathe = breather(signal);
  const sides = { source: centred(await encode(source, breathe)), target: centred(await encode(target, breathe)) };
  const labels = groups ? numbered(groups) : Int32Array.from({ length: count }, (_, i) => i);
  const pairs = { ...sides, groups: labels };
  const tools = engineTools(breathe);
  const start = await closedForms.procrustes.fit(pairs, {}, tools);

  const fed = { source: fedTo(source, sides.source), target: fedTo(target, sides.target), groups: labels };
  const stream = mixedBatches(fed, { size: batch, mixup: 0, start: seed });
  const objective = contrastiveObjective(settings);
  using training = trainer<Learned<P, Q>, TowerBatch>({
    params: {
      heads: initialWeights(pairs, start, settings, stream.size),
      ...(source.unlocked && { source: source.params }),
      ...(target.unlocked && { target: target.params }),
    },
    loss: (weights, { rows, means }) => {
      return objective(weights.heads, {
        source: through(source, weights.source as MapTree<P, DeviceArray> | undefined, rows.source, means.source),
        target: through(target, weights.target as MapTree<Q, DeviceArray> | undefined, rows.target, means.target),
      });
    },
  });
  const means = { source: meanOf(sides.source), target: meanOf(sides.target) };
  for (let done = 1; done <= steps; done++) {
    const next = stream.next();
    const rows = { source: shapedFor(source, next.source), target: shapedFor(target, next.target) };
    const rate = rateOf(done - 1, settings);
    const { loss } = await training.update({ rows, means }, rate);
    requireLoss('trainTowers()', loss, done, learningRate);
    onProgress?.({ phase: 'fit', done, total: steps, loss });
    await breathe();
  }
  const trained = await training.weights();
  return { source: trained.source ?? source.params, target: trained.target ?? target.params };
}

/** What is differentiated by: towers that are locked are absent. */
type Learned<P, Q> = { heads: ContrastiveParams<Tensor>; source?: P; target?: Q };

type TowerBatch = { rows: ContrastiveBatch; means: ContrastiveBatch };

/** Unit rows around the mean, as heads meet them; of a locked tower the batch holds these already. Consumes all. */
function through<P>(
  { apply }: Tower<P>,
  params: MapTree<P, DeviceArray> | undefined,
  rows: DeviceArray,
  mean: DeviceArray,
): DeviceArray {
  if (params) return l2Normalize(apply(params, rows).sub(mean));
  mean.dispose();
  return rows;
}

/** What batches are cut from: inputs where the tower learns, else its points. */
function fedTo({ inputs, unlocked }: Pick<Tower<unknown>, 'inputs' | 'unlocked'>, points: Side): Side {
  if (!unlocked) return points;
  const { shape, data } = inputs;
  return { ...points, cols: data.length / shape[0]!, data: data as Float32Array<ArrayBuffer> };
}

function shapedFor({ inputs, unlocked }: Pick<Tower<unknown>, 'inputs' | 'unlocked'>, { shape, data }: Tensor): Tensor {
  return unlocked ? tensor([shape[0]!, ...inputs.shape.slice(1)], data) : tensor(shape, data);
}

function meanOf({ mean, cols }: Side): Tensor {
  return tensor([cols], mean);
}

/** All of the tower's points. */
async function encode<P>({ params, apply, inputs }: Tower<P>, breathe: Breathe): Promise<Embeddings> {
  using run = compile(apply);
  const held = toDevice(params);
  const [count, ...rest] = inputs.shape as [number, ...number[]];
  const width = inputs.data.length / count;
  const parts: Float32Array[] = [];
  try {
    for (let at = 0; at < count; at += sliceRows) {
      const rows = Math.min(sliceRows, count - at);
      const data = inputs.data.slice(at * width, (at + rows) * width);
      parts.push((await run(held, tensor([rows, ...rest], data))).data as Float32Array);
      await breathe();
    }
  } finally {
    release(held);
  }
  const dim = parts[0]!.length / Math.min(sliceRows, count);
  const data = new Float32Array(count * dim);
  parts.forEach((part, i) => data.set(part, i * sliceRows * dim));
  return { space: { id: 'tower', dim, normalized: false }, count, data };
}

const sliceRows = 256;

function requireInputs(source: Tensor, target: Tensor, groups: ArrayLike<number> | undefined): number {
  const [from, to] = [source.shape[0], target.shape[0]];
  if (!from || from !== to) {
    throw new CognateError(
      'shape-mismatch',
      `trainTowers() needs as many source inputs as target inputs, since input i belongs to input i, got ${from} and ${to}`,
    );
  }
  if (groups && groups.length !== from) {
    throw new CognateError(
      'shape-mismatch',
      `trainTowers() needs one group for each of the ${from} inputs, got ${groups.length}`,
    );
  }
  for (const [side, { data }] of Object.entries({ source, target })) {
    if (!(data instanceof Float32Array)) {
      throw new CognateError('invalid-input', 'trainTowers() needs float32 inputs, got integers');
    }
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const input = Math.floor((bad * from) / data.length);
      throw new CognateError(
        'invalid-input',
        `trainTowers() needs finite numbers, got ${data[bad]} in ${side} input ${input}`,
      );
    }
  }
  return from;
}
