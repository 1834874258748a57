import { CognateError, embeddings, type CallOptions } from '@cognate/core';
import { preview, readTable, type Cell, type Column, type Problems } from '@cognate/data';
import { mostPairs, type Reading, type ReadPairs, type Trouble, type Troubles } from './reading.ts';
import type { Side, SideKind } from './side.ts';

/** Rows that a visitor looks at before training. */
const previewRows = 5;

const kinds: Readonly<Partial<Record<Column['kind'], SideKind>>> = { text: 'text', id: 'text', vector: 'vector' };

/** Two columns, pasted or in a file: delimited text or JSON Lines. Only the beginning is read. */
export async function readTableData(source: string | Blob, title: string, options: CallOptions): Promise<Reading> {
  const head = await preview(source, { ...options, rows: previewRows });
  const columns = head.columns.filter(({ kind }) => kinds[kind]);
  if (columns.length < 2) {
    const found =
      head.columns.length === 1
        ? 'there is one column'
        : `of ${head.columns.length} columns, ${columns.length} can be used`;
    throw new CognateError(
      'invalid-input',
      `Two columns of words or vectors are needed, and ${found}: put a tab or a comma between the two.`,
    );
  }
  const { suggestion } = head;
  return {
    title,
    rows: head.estimate && { count: head.estimate.rows, exact: head.estimate.exact },
    columns: columns.map(({ name, kind }) => ({ name, kind: kinds[kind]! })),
    suggestion: suggestion && {
      left: columns.indexOf(suggestion.source),
      right: columns.indexOf(suggestion.target),
    },
    preview: head.rows.map((row) => columns.map((column) => shown(row, column))),
    troubles: troublesOf(head.problems),
    pairs: (left, right, call) => readPairs(source, columns[left]!, columns[right]!, call),
  };
}

async function readPairs(source: string | Blob, left: Column, right: Column, options: CallOptions): Promise<ReadPairs> {
  const table = await readTable(source, { ...options, onBadRow: 'skip' });
  const columns = [left, right] as const;
  const sides = columns.map((column) => collector(column)) as unknown as readonly [Collector, Collector];
  const missing: Trouble[] = [];
  let missed = 0;
  let count = 0;
  let cut = false;
  reading: for await (const { rows, lines } of table.batches()) {
    for (const [i, row] of rows.entries()) {
      if (count === mostPairs) {
        cut = true;
        break reading;
      }
      const wrong = sides[0].check(row) ?? sides[1].check(row);
      if (wrong === undefined) {
        for (const side of sides) side.add(row);
        count++;
      } else if (missed++ < 100) {
        missing.push({ place: `line ${lines[i]}`, reason: wrong });
      }
    }
  }
  const left_ = troublesOf(table.problems);
  const troubles = { count: left_.count + missed, listed: [...left_.listed, ...missing] };
  if (count === 0) {
    const [first] = troubles.listed;
    throw new CognateError('invalid-input', `No pair can be read${first ? `: ${first.place}, ${first.reason}` : ''}.`);
  }
  return { left: sides[0].side(), right: sides[1].side(), troubles, cut };
}

interface Collector {
  /** What is wrong with the row on this side, if anything. */
  check(row: readonly Cell[]): string | undefined;
  add(row: readonly Cell[]): void;
  side(): Side;
}

function collector(column: Column): Collector {
  const { name } = column;
  if (column.kind !== 'vector') {
    const texts: string[] = [];
    const text = (row: readonly Cell[]): string => textOf(row[column.at[0]!]).trim();
    return {
      check: (row) => (text(row) === '' ? `“${name}” is empty` : undefined),
      add: (row) => void texts.push(text(row)),
      side: () => ({ kind: 'text', name, texts }),
    };
  }
  const dim = column.dim ?? column.at.length;
  const rows: (readonly number[])[] = [];
  return {
    check(row) {
      const vector = vectorOf(row, column);
      if (vector.length !== dim) return `“${name}” has ${vector.length} numbers where most rows have ${dim}`;
      return vector.every(Number.isFinite) ? undefined : `“${name}” holds something that is no number`;
    },
    add: (row) => void rows.push(vectorOf(row, column)),
    side: () => ({
      kind: 'vector',
      name,
      points: embeddings({ id: name, dim, normalized: false }, Float32Array.from(rows.flat())),
    }),
  };
}

function vectorOf(row: readonly Cell[], { at }: Column): readonly number[] {
  if (at.length > 1) return at.map((i) => (textOf(row[i]) === '' ? NaN : Number(row[i])));
  const cell = row[at[0]!];
  if (Array.isArray(cell)) return cell.map(Number);
  const words = textOf(cell)
    .replace(/^[\s[(]+|[\s\])]+$/g, '')
    .split(/\s*[,;]\s*|\s+/);
  return words[0] === '' ? [] : words.map(Number);
}

function shown(row: readonly Cell[], column: Column): string {
  if (column.kind !== 'vector') return textOf(row[column.at[0]!]);
  const vector = vectorOf(row, column);
  return `${vector
    .slice(0, 3)
    .map((x) => x.toPrecision(2))
    .join(', ')}, … (${vector.length})`;
}

function textOf(cell: Cell | undefined): string {
  if (typeof cell === 'string') return cell;
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/** Rows that were left out, by their lines. */
export function troublesOf({ count, listed }: Problems): Troubles {
  return {
    count,
    listed: listed.map(({ line, file, reason }) => ({
      place: [file, line === undefined ? undefined : `line ${line}`].filter(Boolean).join(', '),
      reason,
    })),
  };
}
