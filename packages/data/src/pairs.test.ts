import { expect } from '@open-wc/testing';
import { fromBase64 } from '../../../test/helpers/bytes.ts';
import { itemsOf, picked, read, shown } from '../../../test/helpers/data-in.ts';
import { failure } from '../../../test/helpers/failure.ts';
import { writeNpy } from './npy.ts';
import { readPairs, readSide, type PairsInput, type PairsOptions } from './pairs.ts';

const npy = (name: string, dim: number, data: number[]): File =>
  new File([writeNpy({ space: { dim }, count: data.length / dim, data: Float32Array.from(data) })], name);

describe('readPairs() of a table', () => {
  it('pairs what the table suggests, and names rows without a side', async () => {
    const pairs = await read('source\ttarget\ndog\tHund\ncat\t \nbird\tVogel\nfish\n');
    expect(shown(pairs)).to.deep.equal([
      ['dog', 'Hund'],
      ['bird', 'Vogel'],
    ]);
    expect(pairs.count).to.equal(2);
    expect(pairs.problems).to.deep.equal({
      count: 2,
      listed: [
        { line: 3, reason: '“target” is empty' },
        { line: 5, reason: 'a row of 1 cell where the header has 2' },
      ],
    });
  });

  it('makes a pair of each text of a list, however it is written', async () => {
    const rows = [
      String.raw`"['a dog', ""it's \""brown\"""", 'it\'s one']"` + '\tHund',
      String.raw`"[""a cat"",""a cat "", """"]"` + `\t"['Katze' 'Mieze']"`,
      '[a cow]\t["Kuh]',
    ];
    const pairs = await read(`source\ttarget\n${rows.join('\n')}\n`);
    expect(shown(pairs)).to.deep.equal([
      ['a dog', 'Hund'],
      ['it\'s "brown"', 'Hund'],
      ["it's one", 'Hund'],
      ['a cat', 'Katze'],
      ['a cat', 'Mieze'],
      ['[a cow]', '["Kuh]'],
    ]);
    const vectors = await read('{"a": [1, 2], "b": ["x", "y"]}\n{"a": [3, 4], "b": []}\n{"a": [5, 6], "b": "z"}\n');
    expect(itemsOf(vectors.source)).to.deep.equal([1, 2, 1, 2, 5, 6]);
    expect(itemsOf(vectors.target)).to.deep.equal(['x', 'y', 'z']);
    expect(vectors.problems.listed).to.deep.equal([{ line: 2, reason: '“b” is empty' }]);
    const side = new File(['{"a": ["b"]}\n{"a": ["c", "d"]}\n'], 'x.jsonl');
    expect(await failure(() => readSide(side))).to.equal(
      'invalid-input: Line 2 of x.jsonl: “a” holds 2 texts, where rows pair by position',
    );
  });

  it('keeps quotes that are only quotes in pasted columns', async () => {
    const pairs = await read('"Yes," he said.\t"Ja", sagte er.\n"a\tb"\tc\n');
    expect(shown(pairs)).to.deep.equal([
      ['"Yes," he said.', '"Ja", sagte er.'],
      ['a\tb', 'c'],
    ]);
  });

  it('pairs the columns that are named', async () => {
    const text = 'en,de,fr\ndog,Hund,chien\n';
    expect(shown(await readPairs([text], { source: 'fr', target: 'en' }))).to.deep.equal([['chien', 'dog']]);
    expect(shown(await readPairs([text], { source: 'de' }))).to.deep.equal([['Hund', 'dog']]);
    expect(shown(await readPairs([text], { target: 'en' }))).to.deep.equal([['Hund', 'dog']]);
    expect(await failure(() => readPairs([text], { source: 'it' }))).to.equal(
      'invalid-input: There is no column it, only en, de, fr',
    );
  });

  it('gathers vectors out of many columns or one, and names rows that hold none', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `text ${i},${i},0.5,-1,"[${i}, 1e1]"`);
    rows[7] = 'text 7,NaN,0.5,-1,"[1, 2]"';
    rows[9] = 'text 9,1,0.5,-1,"[1, 2, 3]"';
    const file = new File([`text,a_0,a_1,a_2,b\n${rows.join('\n')}`], 'v.csv');
    const { source, target, count, problems } = await read(file);
    if (source.kind !== 'vectors' || target.kind !== 'vectors') throw new Error('no vectors');
    expect(count).to.equal(2998);
    expect(source.points.space.id).to.match(/^v\.csv\/a@[\da-f]{16}$/);
    expect([source.points.count, source.points.space.dim]).to.deep.equal([2998, 3]);
    expect(Array.from(source.points.data.slice(-3))).to.deep.equal([2999, 0.5, -1]);
    expect(Array.from(target.points.data.slice(-2))).to.deep.equal([2999, 10]);
    expect(problems.listed).to.deep.equal([
      { line: 9, reason: '“a” holds NaN as number 1' },
      { line: 11, reason: '“b” holds no 2 numbers' },
    ]);
    expect(await failure(() => readPairs([file], { onBadRow: 'throw' }))).to.equal(
      'invalid-input: Line 9: “a” holds NaN as number 1',
    );
  });

  it('reads decimal commas as numbers', async () => {
    const shownOf = async (text: string): Promise<unknown[]> => {
      const { source, target, problems } = await read(text);
      return [source.kind, ...itemsOf(source), target.kind, ...itemsOf(target), problems.count];
    };
    const expected = ['vectors', 0.5, 1, -0.25, 2, 0, 1.5, 'vectors', 1, 2, 3, 0.5, 0.25, 5, 0];
    const rows = ['0,5;1;-0,25;1;2;3', '2;0;1,5;0,5;2,5e-1;5'];
    const header = 'a_0;a_1;a_2;b_0;b_1;b_2';
    expect(await shownOf([header, ...rows].join('\n'))).to.deep.equal(expected);
    expect(await shownOf([header, ...rows].join('\n').replaceAll(';', '\t'))).to.deep.equal(expected);
    const quoted = rows.map((row) => `"${row.replaceAll(';', '","')}"`);
    expect(await shownOf([header.replaceAll(';', ','), ...quoted].join('\n'))).to.deep.equal(expected);
    const cells = rows.map(
      (row) => `[${row.split(';').slice(0, 3).join('; ')}]\t[${row.split(';').slice(3).join(' ')}]`,
    );
    expect(await shownOf(['source\ttarget', ...cells].join('\n'))).to.deep.equal(expected);
    expect(await failure(() => read('a_0;a_1;b_0;b_1\n0,1;0,2;0,3;0,4\n0,5;0,6;0,7;0,8\n'))).to.match(
      /^invalid-input: Two columns .*got “a_0” \(number\)/,
    );
  });

  it('loses one line to a stray quote, and names it', async () => {
    for (const delimiter of [',', '\t']) {
      const lines = Array.from({ length: 2000 }, (_, i) => `left ${i}${delimiter}right ${i}`);
      lines[2] = `"${lines[2]}`;
      const one = await read(lines.join('\n'));
      expect([one.count, one.problems.count]).to.deep.equal([1999, 1]);
      const [first] = one.problems.listed;
      expect(first!.line).to.equal(3);
      expect(first!.reason).to.match(
        /^column 1: .*; where a quote is only a quote, write it twice and its cell in quotes$/,
      );
      lines[1500] = `"${lines[1500]}`;
      const two = await read(lines.join('\n'));
      expect(two.count).to.equal(1998);
      expect(two.problems.listed.map(({ line }) => line)).to.deep.equal([3, 1501]);
    }
  });

  it('reads pictures behind addresses when they are needed, and says what files need', async () => {
    const { source } = await read('image\tcaption\ndata:image/svg+xml;base64,PHN2Zy8+\ta\ncat.png\tb\n');
    if (source.kind !== 'pictures') throw new Error('no pictures');
    expect(await (await source.items[0]!.blob()).text()).to.equal('<svg/>');
    expect(await failure(() => source.items[1]!.blob())).to.match(
      /^invalid-input: “cat\.png” is a file: choose the folder/,
    );
  });

  it('rejects what has no two sides, saying what is there', async () => {
    expect(await failure(() => read('id,text\n1,a\n2,b\n'))).to.equal(
      'invalid-input: Two columns of texts, pictures or vectors make pairs; got “id” (id), “text” (text)',
    );
    expect(await failure(() => read('text,label\na,\n'))).to.match(/^invalid-input: /);
    expect(await failure(() => read('source,target\na,b,\nc,d,\n'))).to.equal(
      'invalid-input: Two columns of texts, pictures or vectors make pairs; got “source” (empty), “target” (empty); ' +
        'line 2 is left out: a row of 3 cells where the header has 2',
    );
    expect(await failure(() => read(new Blob([new Uint8Array(99)])))).to.match(/^file-format: The file is no table/);
    expect(
      await failure(() => read(new File(['version https://git-lfs.github.com/spec/v1\noid 0'], 'a.npy'))),
    ).to.match(/^file-format: a\.npy only points to its content, .*git lfs pull/);
    expect(await failure(() => read(new File(['\n<html><p>Sign in'], 'pictures.zip')))).to.match(
      /^file-format: pictures\.zip is a web page/,
    );
    expect(await failure(() => read(new File([Uint8Array.of(0x89, 0x50, 0x4e, 0x47)], 'a.png')))).to.match(
      /^invalid-input: a\.png is one picture/,
    );
  });
});

describe('readPairs() of a table with very many columns', () => {
  it('names some of them where it finds no pair', async () => {
    const found = await failure(() => read(`${'x'.repeat(1000)}${',1'.repeat(5000)}\n${',2'.repeat(5000)}\n`));
    expect(found).to.match(/^invalid-input: Two columns .* and \d+ more/);
    expect(found.length).to.be.below(1000);
  });
});

describe('readPairs() by position', () => {
  it('pairs two files of vectors, and one that holds two', async () => {
    const pairs = await readPairs([npy('a.npy', 2, [1, 2, 3, 4]), npy('b.npy', 1, [5, 6])], {
      spaces: { target: 'mine@1' },
    });
    expect(pairs.count).to.equal(2);
    expect(itemsOf(pairs.target)).to.deep.equal([5, 6]);
    expect(pairs.target.kind === 'vectors' && pairs.target.points.space.id).to.equal('mine@1');
    const golden = (await (await fetch('/test/golden/data.json')).json()) as { npz: { file: string }[] };
    const archive = new File([fromBase64(golden.npz[0]!.file)], 'two.npz');
    const two = await readPairs([archive], { arrays: ['target', 'source'] });
    expect([two.source.name, two.target.name, two.count]).to.deep.equal(['target', 'source', 3]);
  });

  it('pairs lines of two texts, whatever stands in them', async () => {
    const pairs = await read('a, b\n"c\n', new File(['text\n d;e \n\n\n'], 'x.txt'));
    expect(shown(pairs)).to.deep.equal([
      ['a, b', 'text'],
      ['"c', 'd;e'],
    ]);
  });

  it('pairs a text on each line with vectors', async () => {
    const pairs = await read('a\nb\n', npy('b.npy', 1, [5, 6]));
    expect([pairs.source.kind, pairs.target.kind, pairs.count]).to.deep.equal(['texts', 'vectors', 2]);
  });

  it('leaves no line out, since all after it would be paired wrongly', async () => {
    expect(await failure(() => read('a\n\nb\n', 'c\nd\n'))).to.equal(
      'invalid-input: Line 2 of The text: a blank line, where rows pair by position',
    );
    const table = new File(['text,n\n"a\nb",1\nc,2\n,3\n'], 't.csv');
    expect(await failure(() => read(table, 'c\nd\ne\n'))).to.equal('invalid-input: Line 5 of t.csv: “text” is empty');
  });

  it('tells that lists without values hold nothing', async () => {
    const lists = new File(['[]\n[]\n'], 'x.jsonl');
    expect(await failure(() => read(lists, 'c\nd\n'))).to.equal(
      'invalid-input: Line 1 of x.jsonl: “column 1” is empty',
    );
  });

  it('takes a line break inside of a JSON text for what it is', async () => {
    const file = (name: string, text: string): File => new File([text], name);
    const pairs = await read(
      file('a.jsonl', '{"text":"a\\nb"}\n{"text":"c"}\n'),
      file('b.jsonl', '{"text":"d"}\n{"text":"e"}\n'),
    );
    expect(shown(pairs)).to.deep.equal([
      ['a\nb', 'd'],
      ['c', 'e'],
    ]);
  });

  it('reads one side alone', async () => {
    const side = async (input: PairsInput, options?: PairsOptions): Promise<unknown[]> => {
      const found = await readSide(input, options);
      return [found.kind, ...itemsOf(found)];
    };
    expect(await side('a, b\nc\n')).to.deep.equal(['texts', 'a, b', 'c']);
    expect(await side(npy('a.npy', 1, [1, 2]))).to.deep.equal(['vectors', 1, 2]);
    expect(await side([picked('p/IMG_1.png')])).to.deep.equal(['pictures', 'IMG_1.png']);
    const table = new File(['id,text,v\n7,a,"[1, 2]"\n9,b,"[3, 4]"\n'], 't.csv');
    expect(await side(table)).to.deep.equal(['vectors', 1, 2, 3, 4]);
    expect(await side(table, { source: 'text' })).to.deep.equal(['texts', 'a', 'b']);
    expect(await failure(() => readSide([picked('p/a.bin'), picked('p/b.bin')]))).to.match(
      /^invalid-input: p holds no/,
    );
  });

  it('rejects sides of different length and files of another count of sets', async () => {
    const [a, b] = [npy('a.npy', 1, [1, 2, 3]), npy('b.npy', 1, [5, 6])];
    expect(await failure(() => read(a, b))).to.equal(
      'shape-mismatch: Rows pair by position, but a.npy has 3 and b.npy has 2',
    );
    expect(await failure(() => read(a))).to.equal(
      'invalid-input: Two sets of vectors make pairs, but a.npy holds one alone',
    );
    expect(await failure(() => read(new File([], 'none.csv')))).to.equal('invalid-input: none.csv is empty');
  });
});
