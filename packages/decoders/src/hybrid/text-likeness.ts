/** Longest run of characters that is compared. */
const longest = 6;

/** How much more it counts to leave nothing out than to say nothing else. */
const recallWeight = 2 ** 2;

/**
 * How well a text stands for the one that is meant, 0 to 1: the F-score of runs of one to six characters, white space
 * aside, averaged over the lengths that both texts have.
 * @see Popović 2015, chrF: character n-gram F-score for automatic MT evaluation; of two texts, this is that score.
 */
export function textLikeness(text: string, meant: string): number {
  const [x, y] = [text, meant].map((each) => [...each.replace(/\s+/gu, '')]) as [string[], string[]];
  const orders = Math.min(longest, x.length, y.length);
  let [precision, recall] = [0, 0];
  for (let order = 1; order <= orders; order++) {
    const known = runs(y, order);
    let shared = 0;
    for (const [run, count] of runs(x, order)) shared += Math.min(count, known.get(run) ?? 0);
    precision += shared / (x.length - order + 1) / orders;
    recall += shared / (y.length - order + 1) / orders;
  }
  return recall > 0 ? ((1 + recallWeight) * precision * recall) / (recallWeight * precision + recall) : 0;
}

function runs(characters: readonly string[], order: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + order <= characters.length; i++) {
    const run = characters.slice(i, i + order).join('');
    counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
}
