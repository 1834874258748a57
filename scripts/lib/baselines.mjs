/** Closed forms that others have published, as tables name them; `untouched` and `identity` learn no map. */
const published = ['procrustes', 'ridge', 'relative', 'asif', 'identity', 'untouched'];

/**
 * @typedef {{ data: string, method: string, pairs: number, recallAt1: number, recalls: readonly number[] }} Row
 * `recalls`: of each split.
 * @typedef {{ method: string, recallAt1: number, lead: number, error: number }} Baseline
 * `lead`: by how much the row is above it; `error`: the standard error of that over splits, NaN of a single one.
 */

/**
 * The same rows, where that of `auto`, or else of `csa+csls`, has a `baseline`: the best published closed form on the same
 * pairs, with CSLS or without. Which of many comes out best is partly luck, so a lead is a cautious one.
 * @template {Row} T @param {readonly T[]} rows @returns {(T & { baseline?: Baseline })[]}
 */
export function withBaselines(rows) {
  return rows.map((row) => {
    const column = rows.filter(({ data, pairs }) => data === row.data && pairs === row.pairs);
    const own = column.some(({ method }) => method === 'auto') ? 'auto' : 'csa+csls';
    const others = column.filter(({ method }) => published.includes(method.replace('+csls', '')));
    if (row.method !== own || others.length === 0) return row;
    const best = others.reduce((a, b) => (b.recallAt1 > a.recallAt1 ? b : a));
    const { mean, error } = summary(row.recalls.map((recall, split) => recall - best.recalls[split]));
    return { ...row, baseline: { method: best.method, recallAt1: best.recallAt1, lead: mean, error } };
  });
}

function summary(values) {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}
