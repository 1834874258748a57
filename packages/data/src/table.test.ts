import { expect } from '@open-wc/testing';
import { utf16 } from '../../../test/helpers/bytes.ts';
import { failure as failureOf } from '../../../test/helpers/failure.ts';
import { textOf, type Cell } from './cells.ts';
import { readTable, type TableOptions } from './table.ts';
import type { TextSource } from './text-source.ts';

interface Read {
  readonly rows: (readonly Cell[])[];
  readonly lines: number[];
  readonly problems: { readonly count: number; readonly listed: readonly unknown[] };
  readonly names: string[];
}

async function read(source: TextSource, options?: TableOptions): Promise<Read> {
  const table = await readTable(source, options);
  const rows: (readonly Cell[])[] = [];
  const lines: number[] = [];
  for await (const batch of table.batches()) {
    rows.push(...batch.rows);
    lines.push(...batch.lines);
  }
  const { count, listed } = table.problems;
  return { rows, lines, problems: { count, listed }, names: table.columns.map(({ name }) => name) };
}

const failure = (source: TextSource, options?: TableOptions): Promise<string> => failureOf(() => read(source, options));

/** The bytes, arriving `step` at a time. */
function trickle(bytes: Uint8Array, step: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, (at += step)));
    },
  });
}

const utf8 = new TextEncoder();

const remedy = '; where a quote is only a quote, write it twice and its cell in quotes';

describe('readTable()', () => {
  it('reads cells in quotes with delimiters, line breaks and doubled quotes, and counts lines through them', async () => {
    const text = 'source,target\r\n"a, b","say ""hi"""\r\n"two\r\nlines",c\r\n\r\nd,"e"\r\n';
    const { rows, lines, names } = await read(text);
    expect(names).to.deep.equal(['source', 'target']);
    expect(rows).to.deep.equal([
      ['a, b', 'say "hi"'],
      ['two\r\nlines', 'c'],
      ['d', 'e'],
    ]);
    expect(lines).to.deep.equal([2, 3, 6]);
  });

  it('gives the same rows however the bytes are cut', async () => {
    const text = '\ufefftext\ttarget\r\n"a\r\n""b"""\tß\u{1f600}\r\n"c"\t\r\nx\t"y\nz"';
    const whole = await read(new Blob([text]));
    expect(whole.rows).to.deep.equal([
      ['a\r\n"b"', 'ß\u{1f600}'],
      ['c', ''],
      ['x', 'y\nz'],
    ]);
    expect(whole.lines).to.deep.equal([2, 4, 5]);
    for (const step of [1, 2, 3, 5, 7]) expect(await read(trickle(utf8.encode(text), step))).to.deep.equal(whole);
  });

  for (const [name, littleEndian] of [
    ['little', true],
    ['big', false],
  ] as const) {
    it(`reads ${name}-endian UTF-16, with and without a byte order mark`, async () => {
      const bytes = utf16('text,target\nüber,über\nGrüße,x\n', littleEndian);
      for (const each of [bytes, bytes.slice(2)]) {
        const { rows } = await read(trickle(each, 5));
        expect(rows[1]).to.deep.equal(['Grüße', 'x']);
      }
    });
  }

  it('reads an encoding that it is told', async () => {
    const { rows } = await read(new Blob([Uint8Array.from([0x61, 0x2c, 0xe9, 0x0a, 0x62, 0x2c, 0x63])]), {
      encoding: 'windows-1252',
    });
    expect(rows).to.deep.equal([
      ['a', 'é'],
      ['b', 'c'],
    ]);
  });

  for (const [delimiter, text] of [
    ['\t', 'hello, world\tbonjour, le monde\nyes, please\toui, merci\n'],
    [';', 'a;1,5\nb;2,5\nc;0,5\n'],
    ['|', 'one|two, three\nfour|five\n'],
    [',', 'dog,Hund\ncat,"Katze; Kater"\n'],
    [';', 'sep=;\r\ndog;Hund\r\ncat;Katze\r\n'],
  ] as const) {
    it(`finds ${JSON.stringify(delimiter)} in ${JSON.stringify(text.slice(0, 20))}`, async () => {
      const table = await readTable(text);
      expect(table.delimiter).to.equal(delimiter);
      expect(table.header).to.equal(false);
      expect((await read(text)).rows.every((row) => row.length === 2)).to.equal(true);
    });
  }

  for (const [header, row] of [
    ['caption,name', 'a word; number 7,wort 7'],
    ['caption,vector', 'word,0.1;0.2;0.3;0.4;0.5;0.6;0.7;0.8'],
    ['text,tags', 'word,x|y|z'],
  ] as const) {
    it(`does not cut at what stands inside of cells only, as in ${row}`, async () => {
      for (const count of [1, 20, 60, 200]) {
        const { rows, names } = await read([header, ...new Array<string>(count).fill(row)].join('\n'));
        expect(names).to.deep.equal(header.split(','));
        expect(rows.at(-1)).to.deep.equal(row.split(','));
      }
    });
  }

  it('keeps the delimiter that cuts the first row where a later row is ragged', async () => {
    const lines = new Array<string>(99).fill('hello, world\tSalut, monde');
    const { delimiter } = await readTable([...lines.slice(0, 50), 'hello, world', ...lines].join('\n'));
    expect(delimiter).to.equal('\t');
  });

  it('takes prose for plain lines, and a column of quoted cells for a column', async () => {
    const prose = 'One, two.\nThree "four" five.\n"Six," he said, "seven."\nEight.\n';
    expect((await readTable(prose)).format).to.equal('lines');
    expect((await read(prose)).rows).to.deep.equal(
      prose
        .trim()
        .split('\n')
        .map((line) => [line]),
    );
    const column = await readTable('text\n"a, b"\n"c"\n');
    expect([column.format, column.delimiter, column.columns.length]).to.deep.equal(['delimited', ',', 1]);
  });

  for (const [header, text] of [
    [true, 'text\tcaption\nThe dog barks\tDer Hund bellt\n'],
    [true, 'image,caption\ncat.png,a cat\n'],
    [true, 'colour,size\nred,4\nblue,5\n'],
    [true, ',0,1,2\n0,.1,.2,.3\n1,.2,.1,.5\n'],
    [true, 'en,de\ndog,Hund\n'],
    [false, 'dog,Hund\ncat,Katze\n'],
    [false, '1,2,3,4\n5,6,7,8\n'],
    [false, '0,1,2,3\n4,5,6,7\n'],
    [false, 'it,es\nno,nein\n'.replace('es', 'das')],
  ] as const) {
    it(`sees ${header ? 'a' : 'no'} header in ${JSON.stringify(text.split('\n')[0])}`, async () => {
      expect((await readTable(text)).header).to.equal(header);
    });
  }

  it('does as it is told about header and delimiter', async () => {
    const { rows, names } = await read('image,caption\ncat.png,a cat\n', { header: false, delimiter: ';' });
    expect(names).to.deep.equal(['column 1']);
    expect(rows).to.deep.equal([['image,caption'], ['cat.png,a cat']]);
  });

  it('reads JSON Lines by field, whatever their order, and lists by position', async () => {
    const { rows, names } = await read('{"text": "a", "vector": [1, 2]}\n\n{"vector": [3, 4], "text": null}');
    expect(names).to.deep.equal(['text', 'vector']);
    expect(rows).to.deep.equal([
      ['a', [1, 2]],
      [null, [3, 4]],
    ]);
    expect((await read('["a", "b"]\n["c", "d"]\n')).rows[1]).to.deep.equal(['c', 'd']);
  });

  it('reads fields of objects inside by both names', async () => {
    const { rows, names } = await read(
      '{"id": 1, "translation": {"en": "a", "de": "b"}}\n{"translation": {"de": "c"}}\n',
    );
    expect(names).to.deep.equal(['id', 'translation.en', 'translation.de']);
    expect(rows).to.deep.equal([
      [1, 'a', 'b'],
      [null, null, 'c'],
    ]);
  });

  it('reads fields that are called like what every object has', async () => {
    const text = '{"text": "a", "constructor": "b", "__proto__": "c"}\n{"text": "d"}\n';
    const { rows, names } = await read(text);
    expect(names).to.deep.equal(['text', 'constructor', '__proto__']);
    expect(rows).to.deep.equal([
      ['a', 'b', 'c'],
      ['d', null, null],
    ]);
  });

  it('names a field that comes too late to become a column', async () => {
    const early = '{"a": "x"}\n'.repeat(40_000);
    const { rows, problems } = await read(`${early}{"a": "y", "b": "z"}\n`);
    expect(rows.at(-1)).to.deep.equal(['y']);
    expect(problems.listed).to.deep.equal([
      { line: 40_001, reason: 'the field “b” comes here for the first time, too late to become a column' },
    ]);
  });

  for (const [name, source, message] of [
    ['an empty text', '', 'invalid-input: There are no rows: the text is empty'],
    ['blank lines', '\n \n', 'invalid-input: There are no rows: the text is empty'],
    ['a ragged row', 'a,b\nc,d\ne,f,g\n', 'file-format: Line 3: a row of 3 cells where most rows have 2'],
    [
      'a row shorter than the header',
      'text,label\nc,d\ne\n',
      'file-format: Line 3: a row of 1 cell where the header has 2',
    ],
    [
      'an open quote',
      'a,b\nc,"d\ne,f\n',
      `file-format: Line 2, column 2: the quote that opens in line 2 is never closed${remedy}`,
    ],
    [
      'text after a quote',
      'a,b\n"c"d,e\n',
      `file-format: Line 2, column 1: there is text after the closing quote${remedy}`,
    ],
    [
      'two columns of one name',
      'text,text\na,b\n',
      'file-format: Line 1 names two columns “text” (1 and 2): rename one',
    ],
    [
      'bad JSON',
      '{"a": 1}\n{"a": }\n',
      'file-format: Line 2, column 7: no JSON: Unexpected token \'}\', "{"a": }" is not valid JSON',
    ],
    [
      'cut JSON',
      '{"a": 1}\n{"a": 1\n',
      "file-format: Line 2, column 8: no JSON: Expected ',' or '}' after property value",
    ],
    ['a JSON number', '{"a": 1}\n2\n', 'file-format: Line 2: a number where most lines are objects'],
    [
      'a JSON list of numbers',
      '[\n1,\n2\n]',
      'file-format: A JSON list needs objects or lists in it, got in line 2: a number',
    ],
    [
      'a JSON list with no end',
      '[\n{"a": "x"},\n{"a": "y"}\n',
      'file-format: Line 3: the list is never closed; what follows is not read',
    ],
    [
      'a text in it with no end',
      '[\n{"a": "x"},\n{"a": "y}\n,{"a": "z"}]',
      'file-format: Line 3: a text is not closed where its line ends; what follows is not read',
    ],
    [
      'text after a JSON list',
      '[\n{"a": "x"}\n]\n]',
      'file-format: Line 4: there is text after the end of the list; what follows is not read',
    ],
    [
      'an item of another kind',
      '[\n{"a": "x"},\n{"a": "z"},\n7\n]',
      'file-format: Line 4: a number where most items are objects',
    ],
    ['an item without a value', '[\n{"a": "x"},\n{"a": }\n]', 'file-format: Line 3: no JSON'],
    [
      'objects in the layout of printers',
      '{\n"a": [\n"x"\n]\n}\n',
      'file-format: Line 1 begins a JSON object: rows are the items of one list, or an object on each line',
    ],
    [
      'bad UTF-8',
      new Blob(['a,b\nc,', Uint8Array.of(0xe9), ',d\n']),
      'file-format: The text is not UTF-8: line 2 has byte 0xe9 at offset 6: save the file as UTF-8, or name its encoding',
    ],
    [
      'UTF-8 that ends early',
      new Blob(['a,b\nc,', Uint8Array.of(0xc3)]),
      'file-format: The text is not UTF-8: line 2 has half a character at offset 7: save the file as UTF-8, or name its encoding',
    ],
  ] as const) {
    it(`rejects ${name}, naming the place`, async () => {
      const found = await failure(source);
      // Where engines word JSON faults differently, place and kind must hold.
      if (message.endsWith('no JSON')) expect(found).to.contain(message);
      else if (name.endsWith('JSON')) expect(found).to.match(/^file-format: Line 2(, column \d+)?: no JSON: ./);
      else expect(found).to.equal(message);
    });
  }

  it('names the line of bad UTF-8 far into a file, after all rows before it', async () => {
    const good = 'größe,wörter\n'.repeat(50_000);
    const source = new Blob([good, Uint8Array.of(0xff), '\n']);
    expect(await failure(source)).to.contain('line 50001 has byte 0xff at offset 800000');
    expect(await failure(trickle(new Uint8Array(await source.arrayBuffer()), 10_001))).to.contain('line 50001');
  });

  for (const [name, text, options] of [
    ['an unknown encoding', new Blob(['a']), { encoding: 'klingon' }],
    ['a delimiter of two characters', 'a::b', { delimiter: '::' }],
  ] as const) {
    it(`rejects ${name}`, async () => expect(await failure(text, options)).to.match(/^invalid-input: /));
  }

  it('skips rows when asked to, and lists the first hundred with line and reason', async () => {
    const text = `a,b\n"c"d,e\n${'h,i\n'.repeat(200)}${'x\n'.repeat(150)}f,g\n"j,k\n`;
    const { rows, problems } = await read(text, { onBadRow: 'skip', header: false });
    expect(rows.length).to.equal(202);
    expect(problems.count).to.equal(152);
    expect(problems.listed.length).to.equal(100);
    expect(problems.listed[0]).to.deep.equal({
      line: 2,
      reason: `column 1: there is text after the closing quote${remedy}`,
    });
    expect(problems.listed[1]).to.deep.equal({ line: 203, reason: 'a row of 1 cell where most rows have 2' });
  });

  for (const [name, text, expected] of [
    ['is never closed', 'a,b\n"c,d\ne,f\n', [['a', 'b'], ['e', 'f'], 2]],
    ['opens the last cell', 'a,b\nc,"d\r\ne,"f\r\ng,h', [['a', 'b'], ['g', 'h'], 2, 3]],
    ['has text after its end', 'a,b\n"c,d\ne,f "g"\nh,i\n', [['a', 'b'], ['e', 'f "g"'], ['h', 'i'], 2]],
    ['swallows rows between tabs', 'a\tb\n"c\td\ne\tf\ng"\th\n', [['a', 'b'], ['e', 'f'], ['g"', 'h'], 2]],
    [
      'swallows many rows between commas',
      `a,b\n"c,d\n${'e,f\n'.repeat(8)}g",h`,
      [['a', 'b'], ...Array.from({ length: 8 }, () => ['e', 'f']), ['g"', 'h'], 2],
    ],
    [
      'goes on for too many lines',
      `a,b\n"c,d\n${'e,f\n\n'.repeat(600)}g",h`,
      [['a', 'b'], ...Array.from({ length: 600 }, () => ['e', 'f']), ['g"', 'h'], 2],
    ],
    [
      'holds two lines with a comma',
      'a,b\n"c, d\ne",f\n',
      [
        ['a', 'b'],
        ['c, d\ne', 'f'],
      ],
    ],
    [
      'holds a line with tabs',
      'a\tb\n"c\td\n\te\tf"\tg\n',
      [
        ['a', 'b'],
        ['c\td\n\te\tf', 'g'],
      ],
    ],
    [
      'holds a long text',
      `a,b\n"${'one, two\nthree\n'.repeat(450)}",c\n`,
      [
        ['a', 'b'],
        ['one, two\nthree\n'.repeat(450), 'c'],
      ],
    ],
  ] as const) {
    it(`goes on after the first line of a quote only where it does not belong, as one that ${name}`, async () => {
      for (const step of [1, 2, 7, 100_000]) {
        const { rows, problems } = await read(trickle(utf8.encode(text), step), { onBadRow: 'skip', header: false });
        expect([...rows, ...problems.listed.map((each) => (each as { line: number }).line)]).to.deep.equal(expected);
        expect(problems.count).to.equal(problems.listed.length);
      }
    });
  }

  it('finds the columns of a table whose first row opens a stray quote', async () => {
    const text = `source,target\n"a,b\n${`${'long '.repeat(99)},text\n`.repeat(500)}`;
    const { rows, names, problems } = await read(text, { onBadRow: 'skip' });
    expect([rows.length, names, problems.count]).to.deep.equal([500, ['source', 'target'], 1]);
  });

  it('does not read lines over and over where each opens a stray quote', async () => {
    const line = 'left, right","middle\n';
    const start = performance.now();
    const { problems } = await read(`a,b\n${line.repeat(20_000)}`, { onBadRow: 'skip', delimiter: ',' });
    expect(problems.count).to.equal(20_000);
    expect(performance.now() - start).to.be.below(5000);
  });

  it('takes no longer than a glance at cells of numbers and marks without end', async () => {
    const [ones, lines, blanks] = ['1', '_', ' '].map((each) => each.repeat(100_000));
    const start = performance.now();
    await read(`${ones}x,b\n1${blanks}x,.5\n1.${ones}x,2\n`);
    await read(`text,${ones}x,${lines}x\na,1,2\nb,2,3\n`);
    await read(`a${ones}!,b\nc,d\n`);
    expect(performance.now() - start).to.be.below(1000);
  });

  it('leaves out JSON that is nested without end', async () => {
    const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    const text = `{"a":${deep(99)},"b":"[[[["}\n{"a":${deep(100)},"b":"x"}\n{"a":${deep(100_000)}}\n`;
    const { lines, problems } = await read(text, { onBadRow: 'skip' });
    expect(lines).to.deep.equal([1]);
    const reason = 'nested more than 100 deep';
    expect(problems.listed).to.deep.equal([
      { line: 2, reason },
      { line: 3, reason },
    ]);
  });

  it('reads JSON Lines that end in CR, CRLF or LF, however they are cut', async () => {
    for (const end of ['\r', '\r\n', '\n']) {
      const text = ['{"a": "x"}', '', '{"a": }', '{"a": "y"}', ''].join(end);
      for (const step of [1, 3, 100]) {
        const { rows, lines, problems } = await read(trickle(utf8.encode(text), step), { onBadRow: 'skip' });
        expect(rows).to.deep.equal([['x'], ['y']]);
        expect(lines).to.deep.equal([1, 4]);
        expect((problems.listed as { line: number }[]).map(({ line }) => line)).to.deep.equal([3]);
      }
    }
  });

  it('reads a JSON list in any layout, however it is cut', async () => {
    const items = [
      { a: 'x, ["{\\', b: [1, [2]] },
      { a: '', b: null },
      { b: 'ß\u{1f600}', a: 'y' },
    ];
    const cells = items.map(({ a, b }) => [a, b]);
    const layouts: [string, number[]][] = [
      [JSON.stringify(items), [1, 1, 1]],
      [`\n[\r\n${items.map((each) => JSON.stringify(each)).join(',\r\n')}\r\n]\r\n`, [3, 4, 5]],
      [JSON.stringify(items, null, 2).replace(/\]$/, ',\n]\n'), [2, 11, 15]],
    ];
    for (const [text, wanted] of layouts) {
      for (const step of [1, 3, 1000]) {
        const { rows, lines, names, problems } = await read(trickle(utf8.encode(text), step), { onBadRow: 'skip' });
        expect(names).to.deep.equal(['a', 'b']);
        expect(rows).to.deep.equal(cells);
        expect(lines).to.deep.equal(wanted);
        expect(problems.count).to.equal(0);
      }
    }
    const { rows, names } = await read('[["dog", "Hund"], ["cat", "Katze"]]');
    expect([names, rows]).to.deep.equal([
      ['column 1', 'column 2'],
      [
        ['dog', 'Hund'],
        ['cat', 'Katze'],
      ],
    ]);
  });

  it('reads a JSON list without line breaks that is longer than the beginning that is looked at', async () => {
    const items = Array.from({ length: 60_000 }, (_, i) => ({ word: `word ${i}`, more: 'x'.repeat(80), nr: i }));
    const { rows, problems } = await read(new Blob([JSON.stringify(items)]));
    expect([rows.length, problems.count]).to.deep.equal([60_000, 0]);
    expect(rows.at(-1)).to.deep.equal(['word 59999', 'x'.repeat(80), 59_999]);
  });

  it('does not hold a file whose quote is never closed', async () => {
    const text = 'a,b\nc,"d\n';
    const filler = utf8.encode(`${'x'.repeat(65_533)},y\n`);
    let pulled = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(pulled++ === 0 ? utf8.encode(text) : filler),
    });
    expect(await failure(stream)).to.contain('longer than 16 million characters');
    expect(pulled).to.be.below(300);
  });

  it('stops with the reason of an abort, even while nothing arrives', async () => {
    const controller = new AbortController();
    const silent = new ReadableStream<Uint8Array>({
      start: (each) => each.enqueue(utf8.encode('a,b\n'.repeat(100_000))),
    });
    const table = await readTable(silent, { signal: controller.signal });
    const reading = (async () => {
      for await (const _ of table.batches());
    })();
    setTimeout(() => controller.abort(new Error('enough')), 20);
    expect(await reading.catch((error: Error) => error.message)).to.equal('enough');
  });

  it('lets go of a stream that is read no further', async () => {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: (each) => each.enqueue(utf8.encode('a,b\n'.repeat(10_000))),
      cancel: () => void (cancelled = true),
    });
    const table = await readTable(stream);
    for await (const _ of table.batches()) break;
    expect(cancelled).to.equal(true);
  });

  it('streams 300,000 rows while the page goes on, holding one batch at a time', async () => {
    const rows = 300_000;
    let made = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (made >= rows) return controller.close();
        let text = made === 0 ? 'id,source,target\n' : '';
        for (let i = 0; i < 5000; i++, made++)
          text += `${made},"sentence number ${made}, quoted",Satz Nummer ${made}\n`;
        controller.enqueue(utf8.encode(text));
      },
    });
    // Time alone would tell of a busy machine too; rows between two turns of the event loop tell of us.
    const gaps: number[] = [];
    let mostAtOnce = 0;
    let seen = 0;
    let count = 0;
    let last = performance.now();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      gaps.push(performance.now() - last);
      last = performance.now();
      mostAtOnce = Math.max(mostAtOnce, count - seen);
      seen = count;
      port2.postMessage(null);
    };
    port2.postMessage(null);
    let largest = 0;
    let ahead = 0;
    try {
      const table = await readTable(stream);
      expect(table.columns.map(({ kind }) => kind)).to.deep.equal(['id', 'text', 'text']);
      for await (const { rows: batch } of table.batches()) {
        if (textOf(batch[0]![0]) !== String(count)) throw new Error(`row ${count} is ${textOf(batch[0]![0])}`);
        count += batch.length;
        largest = Math.max(largest, batch.length);
        ahead = Math.max(ahead, made - count);
      }
    } finally {
      port1.close();
    }
    expect(count).to.equal(rows);
    expect(largest).to.be.below(5000);
    expect(ahead).to.be.below(20_000);
    expect(mostAtOnce).to.be.within(1, 40_000);
    const slow = gaps.filter((gap) => gap > 100);
    expect(slow.length, `gaps of ${slow.map(Math.round).join(', ')} ms`).to.be.at.most(gaps.length / 10);
  });
});
