import { numpy as np } from '@jax-js/jax';
import { tensor, type DeviceArray, type Tensor } from './tree.ts';

/** `a @ b` on the device, `[n, k]` x `[k, m]`; consumes both. */
export function dot(a: DeviceArray, b: DeviceArray): DeviceArray {
  return np.dot(a, b);
}

/** `a @ b`, `aᵀ @ b` or `a @ bᵀ` of two host matrices, computed on the engine's device in single precision. */
export async function matmul(a: Tensor, b: Tensor, transpose?: 'a' | 'b'): Promise<Tensor> {
  const load = ({ shape, data }: Tensor, turn: boolean): DeviceArray => {
    const array = np.array(data, { shape: [...shape] });
    return turn ? np.transpose(array) : array;
  };
  const out = np.dot(load(a, transpose === 'a'), load(b, transpose === 'b'));
  const shape = [...out.shape];
  return tensor(shape, (await out.data()) as Float32Array<ArrayBuffer>);
}
