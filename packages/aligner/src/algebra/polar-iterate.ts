import { jit, np, type DeviceArray } from '@cognate/nn';
import { matrix, type Matrix, type MatrixLike, type Multiply } from './matrix.ts';

/** The matrix x of a polar iteration, wherever its numbers lie, and the few operations that the iteration is made of. */
export interface PolarIterate {
  /** Mean squared change of a direction under which the next step would change no more than rounding does. */
  readonly settled: number;
  /** The smaller of x xᵀ and xᵀ x. The step after it needs one product less. */
  gram(): Promise<MatrixLike>;
  /**
   * x <- linear x - cubic x xᵀ x.
   * @returns sum of squares of what it changed.
   */
  step(linear: number, cubic: number): Promise<number>;
  /** Gives x away; the iterate can do no more. */
  finish(): Promise<Matrix>;
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
    finish: async () => x,
  };
}

/** x = m times `factor` in single precision, on the engine's threads, where the numbers stay between steps. */
export function engineIterate({ rows, cols, data }: Matrix, factor: number): PolarIterate {
  // Rows times rows is the engine's fastest product, so that a square x counts as wide.
  const wide = cols >= rows;
  const [gramOf, advance] = wide ? [gramOfRows, wideStep] : [gramOfColumns, tallStep];
  const scaled = new Float32Array(data);
  for (let i = 0; i < scaled.length; i++) scaled[i]! *= factor;
  let x = np.array(scaled, { shape: [rows, cols] });
  let known: DeviceArray | undefined;
  return {
    settled: 1e-8,
    async gram() {
      known ??= gramOf(x.ref);
      const side = Math.min(rows, cols);
      return { rows: side, cols: side, data: (await known.ref.data()) as Float32Array };
    },
    async step(linear, cubic) {
      const gram = known ?? gramOf(x.ref);
      known = undefined;
      const [next, change] = advance(x, gram, np.array(Float32Array.of(linear, cubic)));
      x = next;
      return ((await change.data()) as Float32Array)[0]!;
    },
    finish: async () => matrix(rows, cols, new Float64Array((await x.data()) as Float32Array)),
  };
}

const gramOfRows = jit((x: DeviceArray) => np.dot(x.ref, np.transpose(x)));
const gramOfColumns = jit((x: DeviceArray) => np.dot(np.transpose(x.ref), x));
const wideStep = jit((x: DeviceArray, gram: DeviceArray, factors: DeviceArray) =>
  stepped(x.ref, np.dot(gram, x), factors),
);
const tallStep = jit((x: DeviceArray, gram: DeviceArray, factors: DeviceArray) =>
  stepped(x.ref, np.dot(x, gram), factors),
);

/** @param product x xᵀ x. @param factors linear, cubic. */
function stepped(x: DeviceArray, product: DeviceArray, factors: DeviceArray): [DeviceArray, DeviceArray] {
  const next = x.ref.mul(factors.ref.slice(0)).sub(product.mul(factors.slice(1)));
  return [next.ref, np.square(next.sub(x)).sum()];
}
