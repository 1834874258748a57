/**
 * Dot products of `query` with the rows named, four at a time: the same numbers to the last bit as `dotProducts()`
 * gives, since each is summed in the same order.
 */
export function exactDots(query: Float32Array, data: Float32Array, rows: readonly number[]): Float32Array<ArrayBuffer> {
  const dim = query.length;
  const out = new Float32Array(rows.length);
  let at = 0;
  for (; at + 4 <= rows.length; at += 4) {
    const r0 = rows[at]! * dim;
    const r1 = rows[at + 1]! * dim;
    const r2 = rows[at + 2]! * dim;
    const r3 = rows[at + 3]! * dim;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let i = 0; i < dim; i++) {
      const x = query[i]!;
      s0 += x * data[r0 + i]!;
      s1 += x * data[r1 + i]!;
      s2 += x * data[r2 + i]!;
      s3 += x * data[r3 + i]!;
    }
    out[at] = s0;
    out[at + 1] = s1;
    out[at + 2] = s2;
    out[at + 3] = s3;
  }
  for (; at < rows.length; at++) {
    const start = rows[at]! * dim;
    let sum = 0;
    for (let i = 0; i < dim; i++) sum += query[i]! * data[start + i]!;
    out[at] = sum;
  }
  return out;
}
