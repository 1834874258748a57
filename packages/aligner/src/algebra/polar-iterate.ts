import { jit, np, type DeviceArray } from '@cognate/nn';
import { load, read } from './engine-matrix.ts';
import { matrix, type Matrix, type MatrixLike, type Multiply } from './matrix.ts';

/** The matrix x of a polar iteration, wherever its numbers lie, and the few operations that the iteration is made of. */
export interface PolarIterate extends Disposable {
  /** Singular values under this share of the largest are rounding. */
  readonly negligible: number;
  /** Mean squared change of a direction under which the next step would change no more than rounding does. */
  readonly settled: number;
  /** The smaller of x xᵀ and xᵀ x. The step after it needs one product less. */
  gram(): Promise<MatrixLike>;
  /**
   * x <- linear x - cubic x xᵀ x.
   * @returns sum of squares of what it changed.
   */
  step(linear: number, cubic: number): Promise<number>;
  /** x, which the iterate holds until it is disposed of. */
  read(): Promise<Matrix>;
}

/** x = m times `factor` in double precision, by `times`. */
export function matrixIterate(m: Matrix, factor: number, times: Multiply): PolarIterate {
  const wide = m.cols >= m.rows;
  const x = matrix(
    m.rows,
    m.cols,
    m.data.map((value) => value * factor),
  );
  let known: Matrix | undefined;
  const gram = async (): Promise<Matrix> => (known ??= await times(x, x, wide ? 'b' : 'a'));
  return {
    negligible: 1e-6,
    settled: 1e-10,
    gram,
    async step(linear, cubic) {
      const { data } = wide ? await times(await gram(), x) : await times(x, await gram());
      known = undefined;
      let change = 0;
      for (let i = 0; i < data.length; i++) {
        const value = linear * x.data[i]! - cubic * data[i]!;
        change += (value - x.data[i]!) ** 2;
        x.data[i] = value;
      }
      return change;
    },
    read: async () => x,
    [Symbol.dispose]: () => {},
  };
}

/** x = m times `factor` in single precision, on the engine's threads, where the numbers stay between steps. */
export function engineIterate({ rows, cols, data }: Matrix, factor: number): PolarIterate {
  // Rows times rows is the engine's fastest product, so that a square x counts as wide.
  const wide = cols >= rows;
  const [gramOf, timesGram] = wide ? [gramOfRows, gramTimes] : [gramOfColumns, timesGramOfColumns];
  const scaled = new Float32Array(data.length);
  for (let i = 0; i < scaled.length; i++) scaled[i] = data[i]! * factor;
  // Zeros that fill it up stay zeros in every step.
  let x = load({ rows, cols, data: scaled });
  let product: DeviceArray | undefined;
  return {
    negligible: 1e-5,
    settled: 1e-8,
    async gram() {
      const gram = gramOf(x.ref);
      const side = Math.min(rows, cols);
      const numbers = read(gram.ref, side, side);
      product ??= timesGram(x.ref, gram); // the engine gets on with it while the caller looks at the Gram matrix
      return numbers;
    },
    async step(linear, cubic) {
      product ??= timesGram(x.ref, gramOf(x.ref));
      const [next, change] = advance(x, product, np.array(Float32Array.of(linear, cubic)));
      [x, product] = [next, undefined];
      return ((await change.data()) as Float32Array)[0]!;
    },
    read: () => read(x.ref, rows, cols),
    [Symbol.dispose]() {
      x.dispose();
      product?.dispose();
    },
  };
}

const gramOfRows = jit((x: DeviceArray) => np.dot(x.ref, np.transpose(x)));
const gramTimes = jit((x: DeviceArray, gram: DeviceArray) => np.dot(gram, x));
const gramOfColumns = jit((x: DeviceArray) => np.dot(np.transpose(x.ref), x));
const timesGramOfColumns = jit((x: DeviceArray, gram: DeviceArray) => np.dot(x, np.transpose(gram))); // faster, and equal

/** @param product x xᵀ x. @param factors linear, cubic. */
const advance = jit((x: DeviceArray, product: DeviceArray, factors: DeviceArray) => {
  const next = x.ref.mul(factors.ref.slice(0)).sub(product.mul(factors.slice(1)));
  return [next.ref, np.square(next.sub(x)).sum()] as [DeviceArray, DeviceArray];
});
