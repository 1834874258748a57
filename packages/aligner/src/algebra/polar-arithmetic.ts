import { jit, np, type DeviceArray } from '@cognate/nn';
import { frobenius, matrix, type Matrix, type Multiply } from './matrix.ts';

/** The few operations that the polar iteration of one matrix m is made of, wherever its numbers lie. */
export interface PolarArithmetic<T> {
  /** Mean squared change of a direction under which the next step would change no more than rounding does. */
  readonly settled: number;
  /** m times `factor`. */
  load(factor: number): T;
  /** xᵀ x, or x xᵀ where x has more columns than rows, and the norm of its square. Takes `x` over. */
  gram(x: T): Promise<{ readonly gram: Matrix; readonly norm: number }>;
  /** linear x - cubic x xᵀ x, and the sum of squares of what it changes. Takes `x` over. */
  step(x: T, linear: number, cubic: number): Promise<{ readonly next: T; readonly change: number }>;
  /** Takes `x` over. */
  read(x: T): Promise<Matrix>;
}

/** Double precision, by `times`. */
export function matrixArithmetic({ rows, cols, data }: Matrix, times: Multiply): PolarArithmetic<Matrix> {
  const wide = cols > rows;
  const gramOf = (x: Matrix): Promise<Matrix> => times(x, x, wide ? 'b' : 'a');
  return {
    settled: 1e-10,
    load: (factor) =>
      matrix(
        rows,
        cols,
        data.map((value) => value * factor),
      ),
    async gram(x) {
      const gram = await gramOf(x);
      return { gram, norm: frobenius(await times(gram, gram)) };
    },
    async step(x, linear, cubic) {
      const gram = await gramOf(x);
      const next = wide ? await times(gram, x) : await times(x, gram);
      let change = 0;
      for (let i = 0; i < next.data.length; i++) {
        const value = linear * x.data[i]! - cubic * next.data[i]!;
        change += (value - x.data[i]!) ** 2;
        next.data[i] = value;
      }
      return { next, change };
    },
    read: async (x) => x,
  };
}

/** Single precision, on the engine's threads; numbers stay there between steps. */
export function engineArithmetic({ rows, cols, data }: Matrix): PolarArithmetic<DeviceArray> {
  const wide = cols > rows;
  const read = async (x: DeviceArray): Promise<Matrix> => {
    const [height, width] = x.shape as [number, number];
    return matrix(height, width, new Float64Array((await x.data()) as Float32Array));
  };
  return {
    settled: 1e-8,
    load(factor) {
      const scaled = new Float32Array(data);
      for (let i = 0; i < scaled.length; i++) scaled[i]! *= factor;
      return np.array(scaled, { shape: [rows, cols] });
    },
    async gram(x) {
      const gram = (wide ? wideGram : tallGram)(x);
      const squared = Math.sqrt(await number(squareNorm(gram.ref)));
      return { gram: await read(gram), norm: squared };
    },
    async step(x, linear, cubic) {
      const [next, change] = (wide ? wideStep : tallStep)(x, np.array(Float32Array.of(linear, cubic)));
      return { next, change: await number(change) };
    },
    read,
  };
}

async function number(x: DeviceArray): Promise<number> {
  return (await x.data())[0]!;
}

const gramOfRows = (x: DeviceArray): DeviceArray => np.dot(x.ref, np.transpose(x));
const gramOfColumns = (x: DeviceArray): DeviceArray => np.dot(np.transpose(x.ref), x);
const wideGram = jit(gramOfRows);
const tallGram = jit(gramOfColumns);
const squareNorm = jit((gram: DeviceArray) => np.square(np.dot(gram.ref, gram)).sum());
const wideStep = jit((x: DeviceArray, factors: DeviceArray) => stepped(x, np.dot(gramOfRows(x.ref), x.ref), factors));
const tallStep = jit((x: DeviceArray, factors: DeviceArray) =>
  stepped(x, np.dot(x.ref, gramOfColumns(x.ref)), factors),
);

/** @param product x xᵀ x. @param factors linear, cubic. */
function stepped(x: DeviceArray, product: DeviceArray, factors: DeviceArray): [DeviceArray, DeviceArray] {
  const next = x.ref.mul(factors.ref.slice(0)).sub(product.mul(factors.slice(1)));
  return [next.ref, np.square(next.sub(x)).sum()];
}
