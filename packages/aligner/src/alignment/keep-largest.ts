/**
 * Keeps the `keep` largest of the positive numbers of a row, each to the power of `power`, and puts zero in place of the
 * others; in place. Equal numbers at the border are kept together: no order of the columns decides.
 * @see Norelli et al. 2023, ASIF: Coupled Data Turns Unimodal Models to Multimodal Without Training, arXiv:2210.01738.
 */
export function keepLargest(row: Float32Array, keep: number, power: number): void {
  const border = keep < row.length ? Math.max(0, row.toSorted()[row.length - keep]!) : 0;
  for (let j = 0; j < row.length; j++) row[j] = row[j]! > 0 && row[j]! >= border ? row[j]! ** power : 0;
}
