/** How often each run of `n` neighbouring items occurs, by the items joined with a space. */
export function nGrams(items: readonly string[], n: number): Map<string, number> {
  const out = new Map<string, number>();
  for (let i = 0; i + n <= items.length; i++) {
    const gram = items.slice(i, i + n).join(' ');
    out.set(gram, (out.get(gram) ?? 0) + 1);
  }
  return out;
}

/** Number of all occurrences. */
export function total(grams: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of grams.values()) sum += count;
  return sum;
}

/** Words between white space. */
export function words(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}
