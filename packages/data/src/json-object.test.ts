import { expect } from '@open-wc/testing';
import { failure as failureOf } from '../../../test/helpers/failure.ts';
import { beginsObject } from './json-object.ts';
import { readTable } from './table.ts';

interface Read {
  readonly names: string[];
  readonly rows: unknown[];
  readonly lines: number[];
  readonly estimate: unknown;
  readonly format: string;
}

async function read(text: string): Promise<Read> {
  const table = await readTable(new Blob([text]));
  const rows: unknown[] = [];
  const lines: number[] = [];
  for await (const batch of table.batches()) {
    rows.push(...batch.rows);
    lines.push(...batch.lines);
  }
  return { names: table.columns.map(({ name }) => name), rows, lines, estimate: table.estimate, format: table.format };
}

const failure = (text: string): Promise<string> => failureOf(() => read(text));

const captions = {
  info: { description: 'a few', urls: ['x'] },
  licenses: [{ id: 1, name: 'CC BY 2.0' }],
  images: [
    { id: 391895, file_name: 'a.jpg', license: 1 },
    { id: 522418, file_name: 'b.jpg', license: 1 },
  ],
  annotations: [
    { image_id: 522418, id: 1, caption: 'a woman cuts a cake' },
    { image_id: 391895, id: 2, caption: 'a man on a bike' },
    { image_id: 7, id: 3, caption: 'nowhere to be seen' },
  ],
};

describe('readTable() of a JSON object', () => {
  for (const [name, space] of [
    ['one line', undefined],
    ['many', 2],
  ] as const) {
    it(`reads the one list of rows in it, on ${name}`, async () => {
      const text = JSON.stringify({ version: '1 [{"', data: [{ en: 'dog', de: 'Hund' }], tags: ['a'] }, null, space);
      expect(await read(text)).to.deep.equal({
        names: ['en', 'de'],
        rows: [['dog', 'Hund']],
        lines: [space ? 4 : 1],
        estimate: { rows: 1, exact: true },
        format: 'json',
      });
    });

    it(`gives each caption of COCO its picture, on ${name}`, async () => {
      const { names, rows } = await read(JSON.stringify(captions, null, space));
      expect(names).to.deep.equal(['image_id', 'id', 'caption', 'image.id', 'image.file_name', 'image.license']);
      expect(rows).to.deep.equal([
        [522418, 1, 'a woman cuts a cake', 522418, 'b.jpg', 1],
        [391895, 2, 'a man on a bike', 391895, 'a.jpg', 1],
        [7, 3, 'nowhere to be seen', null, null, null],
      ]);
    });
  }

  it('reads a list that is longer than the beginning that is looked at, with its lines', async () => {
    const data = Array.from({ length: 120_000 }, (_, i) => ({ n: i, text: `number ${i} and some more words` }));
    const { rows, lines, estimate } = await read(
      `{"data":[\n${data.map((row) => JSON.stringify(row)).join(',\n')}\n]}`,
    );
    expect([rows.length, lines.at(-1)]).to.deep.equal([120_000, 120_001]);
    expect((estimate as { exact: boolean; rows: number }).exact).to.equal(false);
    expect((estimate as { rows: number }).rows).to.be.within(115_000, 125_000);
  });

  for (const [name, object, names, rows] of [
    [
      'lists of texts',
      { q: ['a?', 'b?'], note: 'x', a: ['a!', 'b!'] },
      ['q', 'a'],
      [
        ['a?', 'a!'],
        ['b?', 'b!'],
      ],
    ],
    [
      'lists of vectors',
      {
        x: [
          [1, 2],
          [3, 4],
        ],
        y: [
          [5, 6],
          [7, 8],
        ],
      },
      ['x', 'y'],
      [
        [
          [1, 2],
          [5, 6],
        ],
        [
          [3, 4],
          [7, 8],
        ],
      ],
    ],
    ['one list of lists', { columns: ['a', 'b'], data: [['x', 'y']] }, ['column 1', 'column 2'], [['x', 'y']]],
  ] as const) {
    it(`reads ${name}`, async () => {
      const found = await read(JSON.stringify(object, null, 1));
      expect([found.names, found.rows]).to.deep.equal([names, rows]);
    });
  }

  it('asks for one of several lists', async () => {
    expect(await failure('{"train": [{"a": 1}],\n"test": [{"a": 2}], "names": ["a"]}')).to.equal(
      'file-format: The JSON object holds several lists, train, test: save one by itself',
    );
  });

  it('names the line of what is wrong inside', async () => {
    expect(await failure('{"data": [\n{"a": "x"},\n{"a": }\n]}')).to.match(/^file-format: Line 3: no JSON/);
  });

  it('leaves JSON Lines alone, a faulty first line included', async () => {
    expect(beginsObject('{"a": [{"b": 1}]}\n{"a": []}\n', true)).to.equal(false);
    expect(beginsObject(' \n{"a": 1}', true)).to.equal(true);
    expect(await failure('{"a": [{"b": 1}}\n{"a": [{"b": 2}]}\n')).to.match(
      /^file-format: Line 1, column \d+: no JSON/,
    );
    expect((await read('{"messages": [{"role": "user", "content": "a"}]}')).names).to.deep.equal(['messages.user']);
  });

  it('takes no longer than a glance at brackets and quotes without end', async () => {
    const start = performance.now();
    for (const text of ['{"a":['.repeat(100_000), `{"a${'\\"'.repeat(500_000)}`, `{${'[{"'.repeat(300_000)}`]) {
      expect(await failure(text)).to.match(/^file-format: /);
    }
    expect(performance.now() - start).to.be.below(5000);
  });
});
