/** Longest run of characters that is compared. */
const longest = 6;

/**
 * How much two texts have in common, 0 to 1: the harmonic mean of the shares of one's runs of one to six characters that
 * the other has, too, averaged over the lengths that both have. White space does not count.
 */
export function textLikeness(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => [...text.replace(/\s+/gu, '')]) as [string[], string[]];
  const orders = Math.min(longest, x.length, y.length);
  let [inX, inY] = [0, 0];
  for (let order = 1; order <= orders; order++) {
    const known = runs(y, order);
    let shared = 0;
    for (const [run, count] of runs(x, order)) shared += Math.min(count, known.get(run) ?? 0);
    inX += shared / (x.length - order + 1) / orders;
    inY += shared / (y.length - order + 1) / orders;
  }
  return inX + inY > 0 ? (2 * inX * inY) / (inX + inY) : 0;
}

function runs(characters: readonly string[], order: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + order <= characters.length; i++) {
    const run = characters.slice(i, i + order).join('');
    counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
}
