/** A fraction for people: 0.123 is `12 %`, 0.0123 is `1.2 %`. */
export function percentage(value: number): string {
  return `${(100 * value).toFixed(value > 0 && value < 0.0995 ? 1 : 0)} %`;
}

/** A position in a plot: 0.5 is `50%`, kept within it. */
export function position(share: number): string {
  return `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`;
}
