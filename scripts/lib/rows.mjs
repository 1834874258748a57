/**
 * One measured figure. Fractions are 0 to 1.
 * @typedef {{ id: string, value: number, unit: string, baseline?: number, chance?: number, n?: number, note?: string }} Row
 */

/** Prints rows as a table for people. @param {readonly Row[]} rows */
export function printRows(rows) {
  const columns = ['id', 'value', 'unit', 'baseline', 'chance', 'n', 'note'].filter((column) =>
    rows.some((row) => row[column] !== undefined),
  );
  const cells = [columns, ...rows.map((row) => columns.map((column) => format(row[column])))];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at].length)));
  const numeric = new Set(['value', 'baseline', 'chance', 'n']);
  for (const [index, line] of cells.entries()) {
    const padded = line.map((cell, at) =>
      numeric.has(columns[at]) ? cell.padStart(widths[at]) : cell.padEnd(widths[at]),
    );
    console.log(padded.join('  ').trimEnd());
    if (index === 0) console.log(widths.map((width) => '-'.repeat(width)).join('  '));
  }
}

function format(value) {
  if (value === undefined) return '';
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  return Math.abs(value) < 10 ? value.toFixed(3) : value.toFixed(1);
}
