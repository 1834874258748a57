/**
 * Prints methods x pairs, one table for each data set: recall at 1, its standard deviation, FOSCTTM; and how far what
 * chooses for itself is above the best published closed form.
 * @param {readonly { data: string, method: string, pairs: number, recallAt1: number, sd: number, foscttm: number,
 *   baseline?: import('./baselines.mjs').Baseline }[]} rows
 * @param {readonly { data: string, count: number, dims: readonly number[], heldOut: number,
 *   chance: { recallAt1: number, foscttm: number } }[]} headers
 * @param {{ splits: number, bank: string }} options
 */
export function printTables(rows, headers, { splits, bank }) {
  const crowd =
    bank === 'test' ? 'the test rows of the other side (transductive, as in the literature)' : 'the training rows';
  console.log(`Recall at 1 of both directions ± standard deviation over ${splits} splits / FOSCTTM.`);
  console.log(`CSLS with k = 10 measures crowding against ${crowd}. auto: fit() and CSLS.`);
  for (const { data, count, dims, heldOut, chance } of headers) {
    const own = rows.filter((row) => row.data === data);
    const pairs = [...new Set(own.map((row) => row.pairs))].sort((a, b) => a - b);
    const methods = [...new Set(own.map((row) => row.method))];
    console.log(`\n${data}: ${count} pairs, ${dims.join(' and ')} dimensions, ${heldOut} held out`);
    const cell = (method, column) => {
      const row = own.find((each) => each.method === method && each.pairs === column);
      if (!row) return '';
      const spread = Number.isFinite(row.sd) ? ` ±${fraction(row.sd)}` : '';
      return `${fraction(row.recallAt1)}${spread} /${fraction(row.foscttm)}`;
    };
    const lines = [
      ['pairs', ...pairs.map(String)],
      ...methods.map((method) => [method, ...pairs.map((n) => cell(method, n))]),
    ];
    const guess = `${fraction(chance.recallAt1)}        /${fraction(chance.foscttm)}`;
    lines.push(['chance', ...pairs.map(() => guess)]);
    const compared = own.filter(({ baseline }) => baseline);
    if (compared.length > 0) {
      const at = (write) => pairs.map((n) => write(compared.find((row) => row.pairs === n)?.baseline));
      lines.push(
        ['best published', ...at((best) => (best ? `${best.method} ${fraction(best.recallAt1)}` : ''))],
        [
          `${compared[0].method} less that, ± standard error`,
          ...at((best) => (best ? `${signed(best.lead)} ±${fraction(best.error)}` : '')),
        ],
      );
    }
    const widths = lines[0].map((_, at) => Math.max(...lines.map((line) => line[at].length)));
    for (const line of lines)
      console.log(line.map((text, at) => (at ? text.padStart(widths[at]) : text.padEnd(widths[at]))).join('  '));
  }
}

/** `.384`. */
function fraction(value) {
  return value.toFixed(3).replace(/^(-?)0/, '$1');
}

/** `+.012`. */
function signed(value) {
  return value < 0 ? fraction(value) : `+${fraction(value)}`;
}
