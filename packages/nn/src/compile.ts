import { jit, type JsTree } from '@jax-js/jax';
import { keep, toDevice, toHost, type DeviceArray, type Tensor } from './tree.ts';

/** A jitted function from host numbers to host numbers. Parameters stay alive and stay the caller's. */
export interface Compiled<P> extends Disposable {
  (params: P, ...inputs: readonly Tensor[]): Promise<Tensor>;
}

/** Compiles `apply` for use outside training; each new shape of inputs compiles anew. */
export function compile<P>(apply: (params: P, ...inputs: DeviceArray[]) => DeviceArray): Compiled<P> {
  const jitted = jit(apply as unknown as (...args: JsTree<DeviceArray>[]) => DeviceArray);
  const run = async (params: P, ...inputs: readonly Tensor[]): Promise<Tensor> => {
    const call = jitted as unknown as (params: P, ...inputs: DeviceArray[]) => DeviceArray;
    const output = call(keep(params), ...inputs.map((input) => toDevice<Tensor>(input)));
    try {
      return await toHost<DeviceArray>(output);
    } finally {
      output.dispose();
    }
  };
  return Object.assign(run, { [Symbol.dispose]: () => jitted.dispose() });
}
