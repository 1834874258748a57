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
 * for none. Runs once for each shape of batch, to be traced: no reading of values, no side effects.
 */
export type Loss<P, B, L> = (params: P, batch: B, lookups: L) => DeviceArray;

export interface TrainerOptions<P, B, L> {
  /** Initial parameters; copied. */
  readonly params: MapTree<P, Tensor>;
  readonly loss: Loss<P, B, L>;
  readonly optimizer?: AdamWOptions;
  /** Also keep an exponential moving average of the weights, `ema = decay * ema + (1 - decay) * weights`. */
  readonly emaDecay?: number;
}

/** Everything that a step changes, outside the engine. */
export interface TrainerState<P> {
  readonly step: number;
  readonly params: MapTree<P, Tensor>;
  readonly mean: MapTree<P, Tensor>;
  readonly square: MapTree<P, Tensor>;
  readonly ema?: MapTree<P, Tensor>;
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
  /** The weights on the device; the trainer's own, valid until the next step: hand `tree.ref(...)` of it to functions. */
  readonly params: P;
  /** The averaged weights if there are any, else the weights, copied. */
  weights(): Promise<MapTree<P, Tensor>>;
  save(): Promise<TrainerState<P>>;
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

  const value = (both: { params: P; lookups: L }, batch: B): DeviceArray =>
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
    toDevice(
      mapTree(like, ({ shape, data }: Tensor): Tensor => ({ shape, data: new Float32Array(data.length) })),
    ) as JsTree<DeviceArray>;
  const load = (host: unknown): JsTree<DeviceArray> => toDevice(host) as JsTree<DeviceArray>;

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
      return live().params as P;
    },
    async update(batch, learningRate, lookups) {
      const before = live();
      const rates = new Float32Array([
        learningRate,
        1 / (1 - beta1 ** (step + 1)),
        1 / (1 - beta2 ** (step + 1)),
        1 - learningRate * weightDecay,
      ]);
      const result = compiled(
        before as never,
        load(lookups ?? {}) as never,
        load(batch) as never,
        np.array(rates) as never,
      ) as unknown as { report: DeviceArray; lookups: JsTree<DeviceArray>; state: Moments };
      state = result.state;
      step++;
      const lookupGradients = (await toHost(result.lookups)) as MapTree<L, Tensor>;
      tree.dispose(result.lookups);
      const [loss, gradientNorm] = (await result.report.data()) as Float32Array;
      return { loss: loss!, gradientNorm: gradientNorm!, lookupGradients };
    },
    async weights() {
      const { ema, params } = live();
      return (await toHost(emaDecay === undefined ? params : ema)) as MapTree<P, Tensor>;
    },
    async save() {
      const { params, mean, square, ema } = (await toHost(live())) as unknown as Record<
        keyof Moments,
        MapTree<P, Tensor>
      >;
      return emaDecay === undefined ? { step, params, mean, square } : { step, params, mean, square, ema };
    },
    restore(saved) {
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

type Both = { params: JsTree<DeviceArray>; lookups: JsTree<DeviceArray> };
