/**
 * Of this size, the difference between two numbers tells only in which order their sums were added up: likenesses with
 * the same row that was learned twice come out of a product of matrices so.
 */
export const sameWithin = 1e-6;

/**
 * Keeps the `keep` largest of the positive numbers of a row, each to the power of `power`, and puts zero in place of the
 * others; in place. Numbers at the border that are equal within `sameWithin` of it are kept together: no order of
 * the columns decides.
 * @see Norelli et al. 2023, ASIF: Coupled Data Turns Unimodal Models to Multimodal Without Training, arXiv:2210.01738.
 */
export function keepLargest(row: Float32Array, keep: number, power: number): void {
  const border = keep < row.length ? Math.max(0, row.toSorted()[row.length - keep]! * (1 - sameWithin)) : 0;
  for (let j = 0; j < row.length; j++) row[j] = row[j]! > 0 && row[j]! >= border ? row[j]! ** power : 0;
}
