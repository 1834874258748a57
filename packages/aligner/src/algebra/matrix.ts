/** A dense matrix, row-major, in double precision: closed forms lose too much to rounding in single. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  /** `[rows, cols]`. */
  readonly data: Float64Array<ArrayBuffer>;
}

/** Numbers to read as a `[rows, cols]` matrix, of either precision. */
export interface MatrixLike {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array | Float32Array;
}

/** `a b`, `aᵀ b` or `a bᵀ`. */
export type Multiply = (a: MatrixLike, b: MatrixLike, transpose?: 'a' | 'b') => Promise<Matrix>;

/** All zeros, or `data` kept as the content. */
export function matrix(rows: number, cols: number, data = new Float64Array(rows * cols)): Matrix {
  return { rows, cols, data };
}

/** The sum of the diagonal. */
export function trace({ rows, cols, data }: MatrixLike): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += data[i * cols + i]!;
  return sum;
}

/** `a + lambda I`, copied. */
export function damped({ rows, cols, data }: Matrix, lambda: number): Matrix {
  const out = matrix(rows, cols, data.slice());
  for (let i = 0; i < rows; i++) out.data[i * cols + i]! += lambda;
  return out;
}

/** `a b`, `aᵀ b` or `a bᵀ`, in plain TypeScript: about 6 GFLOP/s on one core. */
export function multiply(a: MatrixLike, b: MatrixLike, transpose?: 'a' | 'b'): Matrix {
  const [n, inner] = transpose === 'a' ? [a.cols, a.rows] : [a.rows, a.cols];
  const [other, m] = transpose === 'b' ? [b.cols, b.rows] : [b.rows, b.cols];
  if (inner !== other) {
    throw new RangeError(`multiply() needs inner dimensions that agree, got [${n}, ${inner}] x [${other}, ${m}]`);
  }
  const out = matrix(n, m);
  // Strides of the element (i, q) of the left and (q, j) of the right factor, so that transposing costs nothing.
  const [ai, aq] = transpose === 'a' ? [1, a.cols] : [a.cols, 1];
  const [bq, bj] = transpose === 'b' ? [1, b.cols] : [b.cols, 1];
  const widest = Math.min(inner, panel);
  const left = new Float64Array(4 * widest);
  const right = new Float64Array(4 * Math.ceil(m / 4) * widest);
  for (let start = 0; start < inner; start += panel) {
    const width = Math.min(panel, inner - start);
    for (let j = 0; j < m; j += 4) {
      pack(right, j * width, b.data, start * bq, bq, j, bj, Math.min(4, m - j), width);
    }
    for (let i = 0; i < n; i += 4) {
      pack(left, 0, a.data, start * aq, aq, i, ai, Math.min(4, n - i), width);
      for (let j = 0; j < m; j += 4) block(left, right, j * width, width, out, i, j);
    }
  }
  return out;
}

/** Depth of the panels that are packed at a time: two panels of four lanes stay in the first-level cache. */
const panel = 256;

/** Copies four rows (or columns) side by side, so that the inner loop reads both factors in order; missing lanes are 0. */
function pack(
  to: Float64Array,
  offset: number,
  from: Float64Array | Float32Array,
  base: number,
  step: number,
  lane: number,
  laneStep: number,
  lanes: number,
  width: number,
): void {
  for (let r = 0; r < 4; r++) {
    let at = base + (lane + r) * laneStep;
    for (let q = 0; q < width; q++, at += step) to[offset + 4 * q + r] = r < lanes ? from[at]! : 0;
  }
}

/** Adds the product of two packed panels to the 4 x 4 block of `out` at (`i`, `j`). */
function block(
  a: Float64Array,
  b: Float64Array,
  start: number,
  width: number,
  out: Matrix,
  i: number,
  j: number,
): void {
  let c00 = 0;
  let c01 = 0;
  let c02 = 0;
  let c03 = 0;
  let c10 = 0;
  let c11 = 0;
  let c12 = 0;
  let c13 = 0;
  let c20 = 0;
  let c21 = 0;
  let c22 = 0;
  let c23 = 0;
  let c30 = 0;
  let c31 = 0;
  let c32 = 0;
  let c33 = 0;
  for (let p = 0, q = start; p < 4 * width; p += 4, q += 4) {
    const x0 = a[p]!;
    const x1 = a[p + 1]!;
    const x2 = a[p + 2]!;
    const x3 = a[p + 3]!;
    const y0 = b[q]!;
    const y1 = b[q + 1]!;
    const y2 = b[q + 2]!;
    const y3 = b[q + 3]!;
    c00 += x0 * y0;
    c01 += x0 * y1;
    c02 += x0 * y2;
    c03 += x0 * y3;
    c10 += x1 * y0;
    c11 += x1 * y1;
    c12 += x1 * y2;
    c13 += x1 * y3;
    c20 += x2 * y0;
    c21 += x2 * y1;
    c22 += x2 * y2;
    c23 += x2 * y3;
    c30 += x3 * y0;
    c31 += x3 * y1;
    c32 += x3 * y2;
    c33 += x3 * y3;
  }
  const sums = [c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33];
  const height = Math.min(4, out.rows - i);
  const columns = Math.min(4, out.cols - j);
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < columns; c++) out.data[(i + r) * out.cols + j + c]! += sums[4 * r + c]!;
  }
}

/** Column `j` times `factors[j]`, in place. */
export function scaleColumns(a: Matrix, factors: ArrayLike<number>): Matrix {
  for (let i = 0, at = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++, at++) a.data[at]! *= factors[j]!;
  return a;
}

export function transpose(a: MatrixLike): Matrix {
  const out = matrix(a.cols, a.rows);
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++) out.data[j * a.rows + i] = a.data[i * a.cols + j]!;
  return out;
}

/** The first `count` columns, copied. */
export function leadingColumns(a: MatrixLike, count: number): Matrix {
  const out = matrix(a.rows, count);
  for (let i = 0; i < a.rows; i++) out.data.set(a.data.subarray(i * a.cols, i * a.cols + count), i * count);
  return out;
}

/** Rows `from` to `to` as a view: no copy. */
export function rowRange(a: MatrixLike, from: number, to: number): MatrixLike {
  return { rows: to - from, cols: a.cols, data: a.data.subarray(from * a.cols, to * a.cols) };
}

/** The chosen rows, copied. */
export function gathered({ cols, data }: MatrixLike, rows: ArrayLike<number>): Matrix {
  const out = matrix(rows.length, cols);
  for (let i = 0; i < rows.length; i++) out.data.set(data.subarray(rows[i]! * cols, (rows[i]! + 1) * cols), i * cols);
  return out;
}

/** Less the mean of each column, in place. */
export function centreColumns(a: Matrix): Matrix {
  const means = new Float64Array(a.cols);
  for (let i = 0, at = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++, at++) means[j]! += a.data[at]! / a.rows;
  for (let i = 0, at = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++, at++) a.data[at]! -= means[j]!;
  return a;
}

/** `a += b`. */
export function add(a: Matrix, b: Matrix): Matrix {
  for (let i = 0; i < a.data.length; i++) a.data[i]! += b.data[i]!;
  return a;
}

/** Square root of the sum of squares. */
export function frobenius({ data }: Matrix): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]! ** 2; // much faster than `for of`
  return Math.sqrt(sum);
}
