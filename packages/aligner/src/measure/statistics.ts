/** NaN of none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The mean of the two in the middle where their number is even; NaN of none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Whether the mean is above 0 by more than so many of its standard errors.
 * @param repeats how often each value was measured: repeated looks at one thing count as one.
 */
export function isPositive(values: ArrayLike<number>, errors: number, repeats = 1): boolean {
  const middle = mean(values);
  const variance = mean(Array.from(values, (value) => (value - middle) ** 2));
  return middle > errors * Math.sqrt((variance * repeats) / values.length);
}

/** A share of 0 to 1 for people, with a decimal where it is small. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value.toFixed(value > 0 && value < 9.95 ? 1 : 0)} %`;
}
