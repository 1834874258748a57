import { CognateError, yieldTask } from '@cognate/core';
import { jit, numpy as np, tree, valueAndGrad, type JsTree } from '@jax-js/jax';
import { adamWDefaults, adamWRates, adamWStep, clipping, type AdamWOptions } from './adamw.ts';
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

/** What stays on the device between steps; `ema` is empty where there is none. */
type State = {
  params: JsTree<DeviceArray>;
  mean: JsTree<DeviceArray>;
  square: JsTree<DeviceArray>;
  ema: JsTree<DeviceArray>;
};

/** What the loss is differentiated by. */
type Differentiated = { params: JsTree<DeviceArray>; lookups: JsTree<DeviceArray> };

/**
 * Compiles forward, backward and update; between steps nothing but the loss leaves the device.
 * The engine holds every intermediate of a step at once, in at most 4 GiB on wasm: halve the batch where that runs out.
 * It may be disposed of during a step, which then rejects or is lost.
 * @throws {CognateError} `disposed` from calls after disposal.
 */
export function trainer<P, B, L = Record<string, never>>(options: TrainerOptions<P, B, L>): Trainer<P, B, L> {
  const { loss, emaDecay } = options;
  const optimizer = { ...adamWDefaults, ...options.optimizer };
  const hasEma = emaDecay !== undefined;

  const value = ({ params, lookups }: Differentiated, batch: JsTree<DeviceArray>): DeviceArray =>
    loss(params as MapTree<P, DeviceArray>, batch as B, lookups as L);
  // Two functions, so that no compilation holds the thread for the time of both.
  const differentiate = jit((params: JsTree<DeviceArray>, lookups: JsTree<DeviceArray>, batch: JsTree<DeviceArray>) => {
    const [lossValue, gradients] = valueAndGrad(value)({ params, lookups }, batch) as unknown as [
      DeviceArray,
      Differentiated,
    ];
    return { lossValue, gradients };
  });
  const descend = jit((state: State, gradients: JsTree<DeviceArray>, rates: DeviceArray) => {
    const leaves = (branch: JsTree<DeviceArray>): DeviceArray[] => tree.leaves<DeviceArray>(branch);
    const [weights, means, squares, averages] = [state.params, state.mean, state.square, state.ema].map(leaves);
    const steepest = leaves(gradients);
    const { norm, scale } = clipping(steepest, optimizer.clipNorm);
    const next = weights!.map((weight, i) => {
      const before = { weight, gradient: steepest[i]!, mean: means![i]!, square: squares![i]! };
      const moved = adamWStep(before, rates, scale, optimizer);
      if (!hasEma) return { ...moved, ema: moved.weight };
      return { ...moved, ema: averages![i]!.mul(emaDecay).add(moved.weight.ref.mul(1 - emaDecay)) };
    });
    scale.dispose();
    rates.dispose();
    const rebuilt = (leaf: 'weight' | 'mean' | 'square' | 'ema'): JsTree<DeviceArray> =>
      tree.unflatten(
        tree.structure(state.params),
        next.map((each) => each[leaf]),
      );
    return {
      norm,
      state: {
        params: rebuilt('weight'),
        mean: rebuilt('mean'),
        square: rebuilt('square'),
        ema: hasEma ? rebuilt('ema') : {},
      },
    };
  });

  const zeros = (like: unknown): JsTree<DeviceArray> =>
    toDevice(mapTree(like, ({ shape, data }: Tensor): Tensor => ({ shape, data: new Float32Array(data.length) })));
  const load = (host: unknown): JsTree<DeviceArray> => toDevice(host);
  // In the order of the first parameters: another order of the same sums would round differently, and compile anew.
  const reload = (host: P): JsTree<DeviceArray> => {
    const leaves = treeLeaves(host as Tree<Tensor>);
    return load(mapTree(options.params, (_: Tensor, path) => leaves.get(path)!));
  };

  let step = 0;
  let compiled = false;
  let state: State | undefined = {
    params: load(options.params),
    mean: zeros(options.params),
    square: zeros(options.params),
    ema: hasEma ? load(options.params) : {},
  };
  const live = (): State => {
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
      const { params } = live();
      const { lossValue, gradients } = differentiate(tree.ref(params), load(lookups ?? {}), load(batch));
      if (!compiled) {
        await yieldTask();
        compiled = true;
        if (!state) tree.dispose([lossValue, gradients.params, gradients.lookups]);
      }
      const { norm, state: next } = descend(
        live(),
        gradients.params,
        np.array(adamWRates(step, learningRate, optimizer)),
      );
      state = next;
      step++;
      const lookupGradients = (await toHost(gradients.lookups)) as MapTree<L, Tensor>;
      tree.dispose(gradients.lookups);
      const [loss, gradientNorm] = (await np.stack([lossValue, norm]).data()) as Float32Array;
      return { loss: loss!, gradientNorm: gradientNorm!, lookupGradients };
    },
    async weights() {
      const { ema, params } = live();
      return (await toHost(hasEma ? ema : params)) as P;
    },
    async save() {
      const { ema, ...rest } = (await toHost(live())) as unknown as Record<keyof State, P>;
      return hasEma ? { step, ...rest, ema } : { step, ...rest };
    },
    restore(saved) {
      requireSameShapes(options.params, saved.params);
      tree.dispose(live());
      step = saved.step;
      state = {
        params: reload(saved.params),
        mean: reload(saved.mean),
        square: reload(saved.square),
        ema: hasEma ? reload(saved.ema ?? saved.params) : {},
      };
    },
    [Symbol.dispose]() {
      if (!state) return;
      tree.dispose(state);
      differentiate.dispose();
      descend.dispose();
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
