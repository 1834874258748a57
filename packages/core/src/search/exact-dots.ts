/**
 * Dot products of `query` with the rows named, four at a time: the same numbers to the last bit as `dotProducts()`
 * gives, since each is summed in the same order.
 */
export function exactDots(query: Float32Array, data: Float32Array, rows: readonly number[]): Float32Array<ArrayBuffer> {
  const dim = query.length;
  const out = new Float32Array(rows.length);
  const last = rows.length - 1;
  for (let at = 0; at < rows.length; at += 4) {
    // Past the end, the last row again: four sums at a time are as fast as one.
    const r0 = rows[at]! * dim;
    const r1 = rows[Math.min(at + 1, last)]! * dim;
    const r2 = rows[Math.min(at + 2, last)]! * dim;
    const r3 = rows[Math.min(at + 3, last)]! * dim;
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
    out[at + 1] = s1; // writes past the end are ignored
    out[at + 2] = s2;
    out[at + 3] = s3;
  }
  return out;
}
