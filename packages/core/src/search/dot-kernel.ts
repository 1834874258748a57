import { assemble, op, type Code, type Func } from './assembler.ts';

/**
 * Dot products of i8 rows with i16 vectors, as i32. Addresses are bytes of `memory`.
 * `out` gets, row by row, one number per vector.
 */
export interface DotKernel {
  /** Rows `from` until `to`, a multiple of four of them, with the vector at `vectors`. */
  one(from: number, to: number, vectors: number, out: number): void;
  /** Rows `from` until `to` with the four vectors that follow each other at `vectors`. */
  four(from: number, to: number, vectors: number, out: number): void;
}

/**
 * The kernel for rows of `stride` numbers, a multiple of 16, in fixed-width SIMD, which browsers have had since 2021
 * (Chrome 91, Firefox 89) and 2023 (Safari 16.4).
 * @returns undefined where the browser or the page's content security policy has no place for it.
 */
export async function dotKernel(stride: number, memory: WebAssembly.Memory): Promise<DotKernel | undefined> {
  const code = assemble(4, [dots('one', stride, 4, 1), dots('four', stride, 1, 4)]);
  try {
    const { instance } = await WebAssembly.instantiate(code, { env: { memory } });
    return instance.exports as unknown as DotKernel;
  } catch {
    return undefined;
  }
}

/** Numbers that one round of the inner loop takes: two vectors of eight. */
const step = 16;

/**
 * In words, with `height` rows and `width` vectors at a time, each pair of them in a register of its own:
 *
 *     do {
 *       sums = 0
 *       for (16 numbers at a time) sums[r][v] += pairwise products of row r and vector v
 *       out[r][v] = the four numbers of sums[r][v] added up
 *     } while (row < to)
 */
function dots(name: string, stride: number, height: number, width: number): Func {
  const [row, to, vectors, out, vector, rowEnd] = [0, 1, 2, 3, 4, 5];
  let locals = 6;
  const xs = Array.from({ length: width }, () => locals++);
  const y = locals++;
  const sums = Array.from({ length: height }, () => Array.from({ length: width }, () => locals++));
  const all = sums.flat();
  const add = (pointer: number, bytes: number): Code => [...op.localGet(pointer), ...op.i32Const(bytes), ...op.i32Add];

  const eight = (at: number): Code => [
    ...xs.flatMap((x, v) => [...op.localGet(vector), ...op.v128Load(2 * (v * stride + at)), ...op.localSet(x)]),
    ...sums.flatMap((line, r) => [
      ...op.localGet(row),
      ...op.i16x8Load8x8(r * stride + at),
      ...op.localSet(y),
      ...line.flatMap((sum, v) => [
        ...op.localGet(sum),
        ...op.localGet(xs[v]!),
        ...op.localGet(y),
        ...op.i32x4DotI16x8,
        ...op.i32x4Add,
        ...op.localSet(sum),
      ]),
    ]),
  ];
  const total = (sum: number): Code =>
    [0, 1, 2, 3].flatMap((lane) => [...op.localGet(sum), ...op.i32x4ExtractLane(lane), ...(lane > 0 ? op.i32Add : [])]);

  const body = op.loopWhile(
    ...all.map((sum) => [...op.v128Zero, ...op.localSet(sum)]),
    [...op.localGet(vectors), ...op.localSet(vector)],
    [...add(row, stride), ...op.localSet(rowEnd)],
    op.loopWhile(
      eight(0),
      eight(8),
      [...add(vector, 2 * step), ...op.localSet(vector)],
      [...add(row, step), ...op.localTee(row), ...op.localGet(rowEnd), ...op.i32LessUnsigned],
    ),
    ...all.map((sum, i) => [...op.localGet(out), ...total(sum), ...op.i32Store(4 * i)]),
    [...add(out, 4 * all.length), ...op.localSet(out)],
    [...add(row, (height - 1) * stride), ...op.localTee(row), ...op.localGet(to), ...op.i32LessUnsigned],
  );
  return { name, scalars: 2, vectors: locals - 6, body };
}
