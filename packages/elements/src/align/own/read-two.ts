import { CognateError, type CallOptions } from '@cognate/core';
import { formatOf, readSide, sideColumn, sideOptions, type Side as DataSide } from '@cognate/data';
import { peek, sideOf } from './data-side.ts';
import { counted, kinds, nameOf, openTable, previewRows, shown } from './open-table.ts';
import { mostPairs, type ReadColumn, type Reading, type Told, type Troubles } from './reading.ts';
import { countOf, thinned } from './side.ts';

/** One of two files that pair row by row. */
interface Part extends Pick<Reading, 'header' | 'encoding' | 'rows' | 'preview'> {
  readonly title: string;
  readonly columns: readonly ReadColumn[];
  readonly suggested: number;
  side(column: number, options: CallOptions): Promise<DataSide>;
}

/** A row that cannot be read is an error, since no other could take its place. */
const none: Troubles = { count: 0, listed: [] };

async function partOf(file: File, told: Told, options: CallOptions): Promise<Part> {
  const title = file.name;
  const plain = title.replace(/\.\w+$/, '');
  if ((await formatOf(file)) !== 'table') {
    const side = await readSide(file, options);
    const count = countOf(sideOf(side, plain));
    const rows = Array.from({ length: Math.min(previewRows, count) }, (_, row) => row);
    return {
      title,
      rows: { count, exact: true },
      columns: [{ name: plain, kind: 'vector' }],
      suggested: 0,
      header: undefined,
      preview: await Promise.all(rows.map(async (row) => [await peek(side, row)])),
      side: async () => side,
    };
  }
  const { head, columns, how, header, encoding } = await openTable(file, told, sideOptions(title), options);
  const best = sideColumn(columns) ?? columns[0];
  if (!best) throw new CognateError('invalid-input', `${title} has no column of words, pictures or vectors.`);
  return {
    title,
    rows: head.estimate && counted(head.estimate),
    columns: columns.map((column) => {
      const name = nameOf(column);
      return { name: name === `column ${column.at[0]! + 1}` ? plain : name, kind: kinds[column.kind]! };
    }),
    suggested: columns.indexOf(best),
    header,
    encoding,
    preview: head.rows.map((row) => columns.map((column) => shown(row, column))),
    side: (column, call) => readSide(file, { ...call, ...how, source: columns[column]!.name }),
  };
}

/**
 * Looks at two files of which each is one side: vectors, or a column of a table. Row i belongs to row i.
 * @throws {CognateError} as `preview()` and `readSide()`.
 */
export async function lookAtTwo(
  files: readonly [File, File],
  told: Told,
  title: string,
  options: CallOptions,
): Promise<Reading> {
  const parts = await Promise.all(files.map((file) => partOf(file, told, options)));
  const [first, second] = parts as [Part, Part];
  const names = parts.map(({ columns }) => columns.map(({ name }) => name));
  const places = parts.flatMap((part, i) =>
    part.columns.map(({ name, kind }, column) => {
      const twice = names[1 - i]!.includes(name);
      return { part, column, name: twice ? `${name} in ${part.title}` : name, kind };
    }),
  );
  const length = Math.min(first.preview.length, second.preview.length);
  return {
    title,
    rows: first.rows,
    columns: places,
    header: first.header ?? second.header,
    encoding: first.encoding ?? second.encoding,
    suggestion: { left: first.suggested, right: first.columns.length + second.suggested },
    preview: Array.from({ length }, (_, row) => [...first.preview[row]!, ...second.preview[row]!]),
    troubles: none,
    async pairs(left, right, call) {
      const sides = [];
      for (const { part, column, name } of [places[left]!, places[right]!]) {
        sides.push({ part, side: sideOf(await part.side(column, call), name) });
      }
      const [a, b] = sides as [(typeof sides)[0], (typeof sides)[0]];
      const [count, other] = [countOf(a.side), countOf(b.side)];
      if (count !== other) {
        throw new CognateError(
          'shape-mismatch',
          `Rows pair by position, but ${a.part.title} has ${count} and ${b.part.title} has ${other}.`,
        );
      }
      return {
        left: thinned(a.side, mostPairs),
        right: thinned(b.side, mostPairs),
        troubles: none,
        of: count,
      };
    },
  };
}
