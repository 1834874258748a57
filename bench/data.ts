/**
 * A million rows of CSV, streamed in a page: seconds, the longest that the page was kept from anything else, and Papa
 * Parse next to it, from the same file to the same rows.
 */
import Papa from 'papaparse';
import { readTable } from '@cognate/data';
import type { Row } from './lib/row.ts';

const rows = 1_000_000;

export async function run(): Promise<Row[]> {
  const file = million();
  const ours = await watched(async () => {
    const table = await readTable(file);
    let count = 0;
    for await (const batch of table.batches()) count += batch.rows.length;
    return count;
  });
  const theirs = await watched(
    () =>
      new Promise<number>((resolve, reject) => {
        let count = 0;
        Papa.parse<string[]>(file, {
          chunkSize: 262_144,
          chunk: ({ data }) => void (count += data.length),
          complete: () => resolve(count - 1), // the header is a row to it
          skipEmptyLines: true,
          error: reject,
        });
      }),
  );
  for (const { result } of [ours, theirs]) if (result !== rows) throw new Error(`${result} rows, not ${rows}`);
  const megabytes = (file.size / 1e6).toFixed(0);
  const note = (name: string, { seconds, longest }: Watched): string =>
    `${name}: ${seconds.toFixed(1)} s, longest task ${longest.toFixed(0)} ms`;
  return [
    {
      id: 'csv-million.s',
      value: ours.seconds,
      unit: 's',
      baseline: theirs.seconds,
      n: rows,
      note: `${megabytes} MB; ${note('Papa Parse in chunks of 256 KiB', theirs)}`,
    },
    {
      id: 'csv-million.longest-task-ms',
      value: ours.longest,
      unit: 'ms',
      baseline: 100,
      n: rows,
      note: 'longest gap between two turns of the event loop',
    },
  ];
}

interface Watched {
  readonly result: number;
  readonly seconds: number;
  /** Milliseconds. */
  readonly longest: number;
}

/** Runs it while messages to itself tell when the event loop comes round. */
async function watched(work: () => Promise<number>): Promise<Watched> {
  const { port1, port2 } = new MessageChannel();
  let longest = 0;
  const start = performance.now();
  let last = start;
  port1.onmessage = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    port2.postMessage(null);
  };
  port2.postMessage(null);
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  port1.close();
  return { result, seconds, longest };
}

/** Like what people have: a key, two sentences, some in quotes with commas and line breaks in them, a score. */
function million(): File {
  const parts = ['id,source,target,score\n'];
  for (let from = 0; from < rows; from += 10_000) {
    let part = '';
    for (let i = from; i < from + 10_000; i++) {
      const source = i % 3 === 0 ? `"a sentence, number ${i}, in ""quotes"""` : `a sentence that is number ${i}`;
      const target = i % 50 === 0 ? `"ein Satz\nmit der Nummer ${i}"` : `ein Satz mit der Nummer ${i}`;
      part += `${i},${source},${target},${(i % 1000) / 1000}\n`;
    }
    parts.push(part);
  }
  return new File(parts, 'million.csv');
}
