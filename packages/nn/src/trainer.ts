import { CognateError } from '@cognate/core';
import { jit, numpy as np, tree, valueAndGrad, type JsTree } from '@jax-js/jax';
import { adamWDefaults, type AdamWOptions } from './adamw.ts';
import {
  mapTree,
  toDevice,
  toHost,
  treeLeaves,
  type DeviceArray,
  type MapTree,
  type Tensor,
  type Tree,
} from './tree.ts';

/**
 * A scalar loss of parameters and batch. `lookups` are rows fetched outside the engine (see `EmbeddingTable`), whose
 * gradients the step returns. Consumes every array it is given, each once: use `.ref` for further uses and `dispose()`
 * for none. P is the tree of parameters on the host, B and L are trees on the device. Runs once for each shape of batch, to be traced: no reading of values, no side effects.
 */
export type Loss<P, B, L> = (params: MapTree<P, DeviceArray>, batch: B, lookups: L) => DeviceArray;

export interface TrainerOptions<P, B, L> {
  /** Initial parameters; copied. */
  readonly params: P;
  readonly loss: Loss<P, B, L>;
  readonly optimizer?: AdamWOptions;
  /** Also keep an exponential moving average of the weights, `ema = decay * ema + (1 - decay) * weights`. */
  readonly emaDecay?: number;
}

/** Everything that a step changes, outside the engine. */
export interface TrainerState<P> {
  readonly step: number;
  readonly params: P;
  readonly mean: P;
  readonly square: P;
  readonly ema?: P;
}

export interface StepResult<L> {
  readonly loss: number;
  /** Norm of all gradients of `params` together, before clipping. */
  readonly gradientNorm: number;
  readonly lookupGradients: MapTree<L, Tensor>;
}

/** Gradient descent on one loss, with parameters and moments kept on the device between steps. */
export interface Trainer<P, B, L> extends Disposable {
  /** Steps done. */
  readonly step: number;
  /** One step of AdamW. `batch` and `lookups` are host numbers, copied. A new shape compiles anew (0.3 to 3 s). */
  update(batch: MapTree<B, Tensor>, learningRate: number, lookups?: MapTree<L, Tensor>): Promise<StepResult<L>>;
  /** The weights on the device; the trainer's own, valid until the next step: hand `keep(params)` to functions. */
  readonly params: MapTree<P, DeviceArray>;
  /** The averaged weights if there are any, else the weights, copied. */
  weights(): Promise<P>;
  save(): Promise<TrainerState<P>>;
  /** Goes on from a saved state. @throws {CognateError} `shape-mismatch` when it is of another model. */
  restore(state: TrainerState<P>): void;
}

type Moments = {
  params: JsTree<DeviceArray>;
  mean: JsTree<DeviceArray>;
  square: JsTree<DeviceArray>;
  ema: JsTree<DeviceArray>;
};

/**
 * One jitted function does forward, backward and update; the caller awaits a loss.
 * @throws {CognateError} `disposed` from calls after disposal.
 * @see Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization, arXiv:1711.05101.
 */
export function trainer<P, B, L = Record<string, never>>(options: TrainerOptions<P, B, L>): Trainer<P, B, L> {
  const { beta1, beta2, epsilon, weightDecay, clipNorm } = { ...adamWDefaults, ...options.optimizer };
  const { emaDecay } = options;

  const value = (both: { params: MapTree<P, DeviceArray>; lookups: L }, batch: B): DeviceArray =>
    options.loss(both.params, batch, both.lookups);
  const compiled = jit(
    (state: Moments, lookups: JsTree<DeviceArray>, batch: JsTree<DeviceArray>, rates: DeviceArray) => {
      const [loss, gradients] = valueAndGrad(
        value as unknown as (both: Both, batch: JsTree<DeviceArray>) => DeviceArray,
      )({ params: tree.ref(state.params), lookups }, batch) as unknown as [DeviceArray, Both];
      const rate = (i: number): DeviceArray => rates.ref.slice(i);
      const gradient = tree.leaves<DeviceArray>(gradients.params);
      const norm = np.sqrt(gradient.map((g) => np.square(g.ref).sum()).reduce((a, b) => a.add(b)));
      const scale = np.minimum(np.reciprocal(np.maximum(norm.ref, 1e-12)).mul(Math.min(clipNorm, 1e30)), 1);
      const weights = tree.leaves<DeviceArray>(state.params);
      const means = tree.leaves<DeviceArray>(state.mean);
      const squares = tree.leaves<DeviceArray>(state.square);
      const averages = tree.leaves<DeviceArray>(state.ema);
      const next = weights.map((weight, i) => {
        const g = gradient[i]!.mul(scale.ref);
        const mean = means[i]!.mul(beta1).add(g.ref.mul(1 - beta1));
        const square = squares[i]!.mul(beta2).add(np.square(g).mul(1 - beta2));
        const direction = mean.ref.mul(rate(1)).div(np.sqrt(square.ref.mul(rate(2))).add(epsilon));
        const shrunk = weight.ndim >= 2 ? weight.ref.mul(rate(3)) : weight.ref;
        const moved = shrunk.sub(direction.mul(rate(0)));
        weight.dispose();
        const ema = emaDecay === undefined ? undefined : averages[i]!.mul(emaDecay).add(moved.ref.mul(1 - emaDecay));
        return { mean, square, moved, ema };
      });
      scale.dispose();
      rates.dispose();
      const structure = tree.structure(state.params);
      const rebuild = (leaves: DeviceArray[]): JsTree<DeviceArray> => tree.unflatten(structure, leaves);
      return {
        report: np.stack([loss, norm]),
        lookups: gradients.lookups,
        state: {
          params: rebuild(next.map((n) => n.moved)),
          mean: rebuild(next.map((n) => n.mean)),
          square: rebuild(next.map((n) => n.square)),
          ema: emaDecay === undefined ? {} : rebuild(next.map((n) => n.ema!)),
        },
      };
    },
  );

  const zeros = (like: unknown): JsTree<DeviceArray> =>
    toDevice(mapTree(like, ({ shape, data }: Tensor): Tensor => ({ shape, data: new Float32Array(data.length) })));
  const load = (host: unknown): JsTree<DeviceArray> => toDevice(host);

  let step = 0;
  let state: Moments | undefined = {
    params: load(options.params),
    mean: zeros(options.params),
    square: zeros(options.params),
    ema: emaDecay === undefined ? {} : load(options.params),
  };
  const live = (): Moments => {
    if (!state) throw new CognateError('disposed', 'trainer() was used after it had been disposed');
    return state;
  };

  return {
    get step() {
      return step;
    },
    get params() {
      return live().params as MapTree<P, DeviceArray>;
    },
    async update(batch, learningRate, lookups) {
      const before = live();
      const rates = new Float32Array([
        learningRate,
        1 / (1 - beta1 ** (step + 1)),
        1 / (1 - beta2 ** (step + 1)),
        1 - learningRate * weightDecay,
      ]);
      const result = compiled(before, load(lookups ?? {}), load(batch), np.array(rates));
      state = result.state;
      step++;
      const lookupGradients = (await toHost(result.lookups)) as MapTree<L, Tensor>;
      tree.dispose(result.lookups);
      const [loss, gradientNorm] = (await result.report.data()) as Float32Array;
      return { loss: loss!, gradientNorm: gradientNorm!, lookupGradients };
    },
    async weights() {
      const { ema, params } = live();
      return (await toHost(emaDecay === undefined ? params : ema)) as P;
    },
    async save() {
      const { ema, ...rest } = (await toHost(live())) as unknown as Record<keyof Moments, P>;
      return emaDecay === undefined ? { step, ...rest } : { step, ...rest, ema };
    },
    restore(saved) {
      requireSameShapes(options.params, saved.params);
      tree.dispose(live());
      step = saved.step;
      state = {
        params: load(saved.params),
        mean: load(saved.mean),
        square: load(saved.square),
        ema: load(saved.ema ?? {}),
      };
    },
    [Symbol.dispose]() {
      if (!state) return;
      tree.dispose(state);
      compiled.dispose();
      state = undefined;
    },
  };
}

function requireSameShapes(wanted: unknown, got: unknown): void {
  const [one, other] = [treeLeaves(wanted as Tree<Tensor>), treeLeaves(got as Tree<Tensor>)];
  const shape = (leaf: Tensor | undefined): string =>
    leaf ? `shape [${leaf.shape.join(', ')}]` : 'no shape, being absent';
  for (const path of new Set([...one.keys(), ...other.keys()])) {
    const [needs, has] = [shape(one.get(path)), shape(other.get(path))];
    if (needs !== has) throw new CognateError('shape-mismatch', `restore() needs ${path} of ${needs}, got ${has}`);
  }
}

type Both = { params: JsTree<DeviceArray>; lookups: JsTree<DeviceArray> };
