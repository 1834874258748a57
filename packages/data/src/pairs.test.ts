import { expect } from '@open-wc/testing';
import { isCognateError } from '@cognate/core';
import { fromBase64 } from '../../../test/helpers/bytes.ts';
import { captionOfName, pairCaptions } from './captions.ts';
import { openFolder, type FolderLimits } from './folder.ts';
import { writeNpy } from './npy.ts';
import { readPairs, readSide, type Pairs, type PairsInput, type PairsOptions, type Side } from './pairs.ts';

async function failure(action: () => Promise<unknown>): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (isCognateError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

/** A file as a folder picker gives it. */
function picked(path: string, content: BlobPart = path): File {
  const file = new File([content], path.split('/').at(-1)!);
  Object.defineProperty(file, 'webkitRelativePath', { value: path });
  return file;
}

const npy = (name: string, dim: number, data: number[]): File =>
  new File([writeNpy({ space: { dim }, count: data.length / dim, data: Float32Array.from(data) })], name);

const itemsOf = (side: Side): readonly unknown[] =>
  side.kind === 'vectors'
    ? Array.from(side.points.data)
    : side.items.map((item) => (typeof item === 'string' ? item : item.name));

const shown = ({ source, target }: Pairs): unknown[][] => itemsOf(source).map((item, i) => [item, itemsOf(target)[i]]);

const read = (...inputs: [PairsInput] | [PairsInput, PairsInput]): Promise<Pairs> => readPairs(inputs);

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

describe('readPairs() of pictures', () => {
  it('takes captions from names, and names pictures without words', async () => {
    const golden = (await (await fetch('/test/golden/data.json')).json()) as { zips: { name: string; file: string }[] };
    for (const { file } of golden.zips) {
      const { source, target, problems } = await read(new File([fromBase64(file)], 'set.zip'));
      if (source.kind !== 'pictures') throw new Error('no pictures');
      expect(itemsOf(target)).to.deep.equal(['a red car', 'große Katze']);
      expect(problems.listed).to.deep.equal([{ file: 'cats/IMG_0001.jpg', reason: 'its name holds no words' }]);
      const blob = await source.items[1]!.blob();
      expect(blob.type).to.equal('image/png');
      expect((await createImageBitmap(blob)).width).to.equal(1);
    }
  });

  for (const [path, caption] of [
    ['a_red-car (2).png', 'a red car'],
    ['x/0012_two.dogs_3.jpg', 'two dogs'],
    ['route 66.png', 'route 66'],
    ['3 little pigs.png', '3 little pigs'],
    ['red%20car.png', 'red car'],
    ['100%.png', undefined],
    ['IMG_20240101_120000.jpg', undefined],
    ['DSC0012.JPG', undefined],
    ['IMG-20240101-WA0001.jpg', undefined],
    ['IMG_E1234 (1).jpg', undefined],
    ['PXL_20240101_123456789.PORTRAIT.jpg', undefined],
    ['Screenshot 2024-01-01 at 10.00.00.png', undefined],
    ['Screen Shot 2024-01-01 at 1.00.00 PM.png', undefined],
    ['file copy 2.png', undefined],
    ['photo 2 dogs playing.png', 'photo 2 dogs playing'],
    ['IMG 2024 dog on beach.png', 'IMG 2024 dog on beach'],
    ['R2D2.png', 'R2D2'],
    ['d41d8cd98f00b204e9800998ecf8427e.png', undefined],
    ['犬.png', '犬'],
  ] as const) {
    it(`hears ${caption ?? 'nothing'} in ${path}`, () => expect(captionOfName(path)).to.equal(caption));
  }

  it('prefers text files that are named like the pictures', async () => {
    const files = ['p/a.png', 'p/b.png', 'p/c.png'].map((path) => picked(path));
    files.push(picked('p/a.txt', ' first \n'), picked('p/b.txt', ''));
    const pairs = await read(files);
    expect(shown(pairs)).to.deep.equal([['a.png', 'first']]);
    expect(pairs.problems.listed).to.deep.equal([
      { file: 'b.png', reason: 'b.txt is empty' },
      { file: 'c.png', reason: 'no text file is named like it' },
    ]);
  });

  it('lists text files that no picture is named like, and those that others stand for', async () => {
    const files = ['p/A.png', 'p/a.png'].map((path) => picked(path));
    files.push(picked('p/A.txt', 'capital'), picked('p/a.txt', 'small'), picked('p/b.txt', 'B'), picked('p/a.caption'));
    const pairs = await read(files);
    expect(shown(pairs).sort()).to.deep.equal([
      ['A.png', 'capital'],
      ['a.png', 'small'],
    ]);
    expect(pairs.problems.listed).to.deep.equal([
      { file: 'a.caption', reason: 'a.txt is read instead' },
      { file: 'b.txt', reason: 'no picture is named like it' },
    ]);
  });

  it('reads captions in UTF-8, UTF-16 or the encoding that it is told, and names those in another', async () => {
    const latin = Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x73);
    const wide = Uint8Array.of(0xff, 0xfe, 0x63, 0, 0x61, 0);
    const texts = (top: string): File[] => [
      picked(`${top}/a.txt`, latin),
      picked(`${top}/b.txt`, wide),
      picked(`${top}/c.txt`, '\ufeffcafé'),
      picked(`${top}/d.txt`, '\n'),
    ];
    const pictures = ['p/a.png', 'p/b.png', 'p/c.png', 'p/d.png'].map((path) => picked(path));
    const reason =
      'cannot be read: The text is not UTF-8: line 1 has byte 0xe9 at offset 3: save the file as UTF-8, or name its encoding';
    const expected = [
      ['b.png', 'ca'],
      ['c.png', 'café'],
    ];
    const one = await read([...pictures, ...texts('p')]);
    expect(shown(one)).to.deep.equal(expected);
    expect(one.problems.listed).to.deep.equal([
      { file: 'a.png', reason: `a.txt ${reason}` },
      { file: 'd.png', reason: 'd.txt is empty' },
    ]);
    const two = await read(pictures, texts('q'));
    expect(shown(two)).to.deep.equal(expected);
    expect(two.problems.listed).to.deep.equal([
      { file: 'q/a.txt', reason: `it ${reason}` },
      { file: 'q/d.txt', reason: 'it is empty' },
    ]);
    const told = await readPairs([[pictures[0]!, texts('p')[0]!]], { encoding: 'windows-1252' });
    expect(itemsOf(told.target)).to.deep.equal(['cafés']);
    expect(await failure(() => read([pictures[0]!], [texts('q')[0]!]))).to.match(
      /^invalid-input: No file of p makes a pair with one of q, such as q\/a\.txt: it cannot be read/,
    );
  });

  it('takes captions from a table, several for a picture, and names what has no partner', async () => {
    const table = 'file_name,split,caption\na.png,x,first\nimages/A.PNG,x,second\nb,x,third\nmissing.jpg,x,fourth\n';
    const files = ['p/images/a.png', 'p/images/b.png', 'p/images/c.png'].map((path) => picked(path));
    const expected = [
      ['images/a.png', 'first'],
      ['images/a.png', 'second'],
      ['images/b.png', 'third'],
    ];
    const inside = await read([...files, picked('p/captions.csv', table)]);
    expect(shown(inside)).to.deep.equal(expected);
    expect(inside.problems.listed).to.deep.equal([
      { file: 'captions.csv', line: 5, reason: 'there is no picture “missing.jpg”' },
      { file: 'images/c.png', reason: 'captions.csv has no caption for it' },
    ]);
    const beside = await readPairs([new File([table], 'captions.csv'), files.map((f) => picked(`q/${f.name}`))]);
    expect(beside.count).to.equal(3);
    const named = await readPairs([[...files, picked('p/captions.csv', table)]], { column: 'split' });
    expect(itemsOf(named.target)).to.deep.equal(['x', 'x', 'x']);
    const bare = await readPairs([[...files, picked('p/captions.csv', table)]], { captions: 'file-names' });
    expect(bare.count).to.equal(3);
  });

  it('passes over stray tables and texts, and names those that cannot be used', async () => {
    const beside = async (name: string, content: BlobPart): Promise<unknown> => {
      const pairs = await read([picked('p/cat.png'), picked('p/dog.png'), picked(`p/${name}`, content)]);
      expect(itemsOf(pairs.target)).to.deep.equal(['cat', 'dog']);
      return pairs.problems.listed;
    };
    const reason = async (name: string, content: BlobPart, expected: string): Promise<unknown> =>
      expect(await beside(name, content)).to.deep.equal([{ file: name, reason: expected }]);
    expect(await beside('notes.txt', 'Taken in May.\n')).to.deep.equal([]);
    await reason('readme.txt', '', 'readTable() needs rows, got an empty text');
    await reason(
      'license.txt',
      Uint8Array.of(0xa9, 0x20, 0x32, 0x30),
      'The text is not UTF-8: line 1 has byte 0xa9 at offset 0: save the file as UTF-8, or name its encoding',
    );
    await reason('classes.txt', 'cat\ndog\n', 'classes.txt names pictures, but has no column of captions');
    await reason('stats.csv', 'id,id,name\n1,2,3\n', 'Line 1 names two columns “id” (1 and 2): rename one');
    await reason(
      't.csv',
      'file,caption\ncat.png,a cat,\n',
      'No row of t.csv can be read, line 2: a row of 3 cells where the header has 2',
    );
    const table = picked('p/z.csv', 'file,caption\ncat.png,Katze\ndog.png,Hund\n');
    const files = [picked('p/cat.png'), picked('p/dog.png'), picked('p/readme.txt', ''), table];
    for (const options of [{}, { captions: 'table' }, { column: 'caption' }] as const) {
      const pairs = await readPairs([files], options);
      expect(itemsOf(pairs.target)).to.deep.equal(['Katze', 'Hund']);
      expect(pairs.problems.listed.map(({ file }) => file)).to.deep.equal(['readme.txt']);
    }
  });

  it('says what is wrong with the only captions there are', async () => {
    const files = [picked('p/IMG_1.png'), picked('p/t.csv', 'file,file\nIMG_1.png,a cat\n')];
    const reason = 't.csv: Line 1 names two columns “file” (1 and 2): rename one';
    expect(await failure(() => read(files))).to.equal(
      `invalid-input: None of the pictures in p has a caption, such as IMG_1.png: its name holds no words; ${reason}`,
    );
    for (const options of [{ captions: 'table' }, { column: 'x' }] as const) {
      expect(await failure(() => readPairs([files], options))).to.equal(
        `invalid-input: p holds no table that captions its pictures; ${reason}`,
      );
    }
    expect(await failure(() => readPairs([files], { onBadRow: 'throw' }))).to.match(/^file-format: Line 1 names two/);
    const signal = AbortSignal.abort(new Error('enough'));
    const folder = { name: 'p', files: [], problems: { count: 0, listed: [] } };
    const pairing = pairCaptions(
      { ...folder, files: files.map((file) => ({ path: file.name, blob: async () => file })) },
      { signal },
    );
    expect(await pairing.catch((error: Error) => error.message)).to.equal('enough');
  });

  it('counts all problems where it lists the first hundred', async () => {
    const rows = 'a.png,x,y\na.png,first\n'.repeat(250);
    const pairs = await read([picked('p/a.png'), picked('p/t.csv', `file,caption\n${rows}`)]);
    expect([pairs.count, pairs.problems.count, pairs.problems.listed.length]).to.deep.equal([250, 250, 100]);
    const outside = Array.from({ length: 250 }, (_, i) => picked(`p/../${i}.png`));
    const two = await read([...outside, picked('p/a.png')], [picked('q/a.png'), picked('q/b.png')]);
    expect([two.count, two.problems.count]).to.deep.equal([1, 251]);
  });

  it('reads captions from a JSON list, and passes over what lies beside a picture', async () => {
    const pairs = await read([
      picked('p/a.png'),
      picked('p/a.json', '{"camera": "x"}'),
      picked('p/list.json', '[\n  { "file": "a.png", "caption": "a cat" }\n]\n'),
    ]);
    expect(shown(pairs)).to.deep.equal([['a.png', 'a cat']]);
    expect(pairs.problems.count).to.equal(0);
  });

  it('reads captions in the formats of COCO and of Karpathy', async () => {
    const pictures = [picked('p/a.jpg'), picked('p/b.jpg')];
    const coco = {
      images: [
        { id: 5, file_name: 'a.jpg' },
        { id: 6, file_name: 'b.jpg' },
      ],
      annotations: [
        { image_id: 6, id: 1, caption: 'a cat' },
        { image_id: 5, id: 2, caption: 'a dog' },
      ],
    };
    const pairs = await read([...pictures, picked('p/captions_val.json', JSON.stringify(coco))]);
    expect(shown(pairs)).to.deep.equal([
      ['b.jpg', 'a cat'],
      ['a.jpg', 'a dog'],
    ]);
    const sentences = ['a dog', 'a brown dog'].map((raw) => ({ tokens: raw.split(' '), raw, imgid: 0 }));
    const karpathy = { images: [{ sentids: [0, 1], imgid: 0, sentences, filename: 'a.jpg' }], dataset: 'x' };
    const others = await read([...pictures, picked('p/dataset.json', JSON.stringify(karpathy))]);
    expect(shown(others)).to.deep.equal([
      ['a.jpg', 'a dog'],
      ['a.jpg', 'a brown dog'],
    ]);
    expect(others.problems.listed.map(({ file }) => file)).to.deep.equal(['b.jpg']);
  });

  it('reads a list of captions behind the names of their pictures', async () => {
    const list = 'a.jpg#0 a dog runs .\na.jpg#1 a dog , running\nb.jpg#0 a cat\n';
    const pairs = await read([picked('p/a.jpg'), picked('p/b.jpg'), picked('p/captions.txt', list)]);
    expect(shown(pairs)).to.deep.equal([
      ['a.jpg', 'a dog runs .'],
      ['a.jpg', 'a dog , running'],
      ['b.jpg', 'a cat'],
    ]);
  });

  it('leaves lines whole that are one side', async () => {
    const lines = (name: string, rows: number[]): File =>
      new File([rows.map((i) => `note: ${name} ${i}\n`).join('')], name);
    const { source, target } = await readPairs([lines('a.csv', [1, 2, 3]), lines('b.txt', [1, 2, 3])]);
    expect([source, target].map((side) => side.kind === 'texts' && side.items[2])).to.deep.equal([
      'note: a.csv 3',
      'note: b.txt 3',
    ]);
  });

  it('finds the captions of a few pictures far down in the table of very many', async () => {
    const rows = Array.from({ length: 9000 }, (_, i) => `${i}.jpg,${i % 2 ? 'cat' : 'dog'},animal number ${i}\n`);
    const pairs = await read([picked('p/8000.jpg'), picked('p/t.csv', `image,label,caption\n${rows.join('')}`)]);
    expect(shown(pairs)).to.deep.equal([['8000.jpg', 'animal number 8000']]);
    expect(pairs.target.name).to.equal('caption');
  });

  it('says so when a table names other pictures', async () => {
    const table = picked('p/t.csv', 'image,caption\nx/0.jpg,a cat\n');
    expect(await failure(() => read([picked('p/IMG_1.png'), table]))).to.equal(
      'invalid-input: None of the pictures in p has a caption, such as IMG_1.png: its name holds no words; ' +
        't.csv: t.csv names other pictures: there is no picture “x/0.jpg”',
    );
  });

  it('does not guess between pictures of one name', async () => {
    const files = [
      picked('p/x/a.png'),
      picked('p/y/a.png'),
      picked('p/t.jsonl', '{"image":"y/a.png","text":"ok"}\n{"image":"a.png","text":"which"}\n'),
    ];
    const pairs = await read(files);
    expect(shown(pairs)).to.deep.equal([['y/a.png', 'ok']]);
    expect(pairs.problems.listed.map(({ reason }) => reason)).to.deep.equal([
      'there is no picture “a.png”',
      't.jsonl has no caption for it',
    ]);
  });

  it('gives a row the picture of no other folder, path or case', async () => {
    const pairsOf = async (paths: string[], rows: string[]): Promise<unknown> => {
      const files = paths.map((path) => picked(`p/${path}`));
      const pairs = await read([...files, picked('p/t.csv', `file,caption\n${rows.join('\n')}`)]);
      return [...shown(pairs), ...pairs.problems.listed.map(({ reason }) => reason)];
    };
    expect(
      await pairsOf(['cats/1.png', 'dogs/2.png'], ['cats/1.png,cat one', 'dogs/1.png,dog one', 'dogs/2.png,dog two']),
    ).to.deep.equal([['cats/1.png', 'cat one'], ['dogs/2.png', 'dog two'], 'there is no picture “dogs/1.png”']);
    expect(await pairsOf(['a.png', 'x/a.png'], ['a.png,above', 'x/a.png,below', 'p/x/a,below again'])).to.deep.equal([
      ['a.png', 'above'],
      ['x/a.png', 'below'],
      ['x/a.png', 'below again'],
    ]);
    expect(await pairsOf(['A.png', 'a.png'], ['A.png,capital', 'a.png,small', 'A.PNG,which'])).to.deep.equal([
      ['A.png', 'capital'],
      ['a.png', 'small'],
      'there is no picture “A.PNG”',
    ]);
  });

  it('knows names that macOS spells with accents of their own', async () => {
    const [apart, whole] = ['cafe\u0301', 'caf\u00e9'];
    const table = picked('p/t.csv', `file,caption\n${whole}.png,coffee\ndog.png,a dog\n`);
    expect((await read([picked(`p/${apart}.png`), picked('p/dog.png'), table])).count).to.equal(2);
    expect((await read([picked(`p/${apart}.png`), picked(`p/${whole}.txt`, 'coffee')])).count).to.equal(1);
    const two = await read([picked(`a/${apart}.png`)], [picked(`b/${whole}.png`)]);
    expect(two.count).to.equal(1);
    expect(captionOfName(`${apart}.png`)).to.equal(whole);
  });

  it('pairs two folders by name, given as two or as one', async () => {
    const files = ['s/day/1.png', 's/day/b.png', 's/day/only.png', 's/night/1.jpg', 's/night/B.png', 's/night/b.gif'];
    const expected = [
      ['1.png', '1.jpg'],
      ['b.png', 'b.gif'],
    ];
    const one = await read(files.map((path) => picked(path)));
    expect([one.source.name, one.target.name]).to.deep.equal(['day', 'night']);
    expect(shown(one)).to.deep.equal(expected);
    const of = (top: string): File[] => files.filter((p) => p.includes(top)).map((p) => picked(p.slice(2)));
    const two = await read(of('day'), of('night'));
    expect(shown(two)).to.deep.equal(expected);
    for (const { problems } of [one, two]) {
      expect([...problems.listed].map(({ file }) => file).sort()).to.deep.equal(['day/only.png', 'night/B.png']);
    }
    expect(await failure(() => read(of('day'), [picked('z/other.png')]))).to.match(/^invalid-input: No file of day/);
  });

  it('pairs a folder of pictures with a folder of texts', async () => {
    const pairs = await read([picked('a/x.png'), picked('a/y.png')], [picked('b/x.txt', 'hello')]);
    expect(shown(pairs)).to.deep.equal([['x.png', 'hello']]);
  });

  it('says why nothing can be paired', async () => {
    expect(await failure(() => read([picked('p/IMG_1.png')]))).to.equal(
      'invalid-input: None of the pictures in p has a caption, such as IMG_1.png: its name holds no words',
    );
    expect(await failure(() => read([picked('p/a.png')], npy('a.npy', 1, [1])))).to.match(
      /^invalid-input: Nothing says which pictures of p belong/,
    );
    expect(await failure(() => readPairs([[picked('p/a.png')]], { captions: 'table' }))).to.match(
      /^invalid-input: p holds no table/,
    );
  });
});

describe('openFolder()', () => {
  interface Golden {
    readonly escaping: string;
    readonly bomb: string;
    readonly zips: readonly { readonly file: string }[];
  }
  let golden: Golden;
  before(async () => {
    golden = (await (await fetch('/test/golden/data.json')).json()) as Golden;
  });
  const zip = (file: string): File => new File([fromBase64(file)], 'x.zip');

  it('names paths that lead out of the archive, and opens the rest', async () => {
    const { files, problems } = await openFolder(zip(golden.escaping));
    expect(files.map(({ path }) => path)).to.deep.equal(['fine.png']);
    expect(problems.listed.map(({ file }) => file)).to.deep.equal(['../up.png', '/root.png']);
  });

  it('keeps to its limits', async () => {
    const open = (limits: FolderLimits): Promise<string> => failure(() => openFolder(zip(golden.bomb), limits));
    expect(await open({ maxBytes: 4_000_000 })).to.equal(
      'invalid-input: openFolder() takes at most 4 MiB unpacked, and x.zip holds more',
    );
    expect(await open({ maxFiles: 1 })).to.equal(
      'invalid-input: openFolder() takes at most 1 files, and x.zip holds more',
    );
    expect(await open({})).to.equal('none');
  });

  it('stops at a file that unpacks to more than the archive told', async () => {
    const bytes = fromBase64(golden.bomb);
    const view = new DataView(bytes.buffer);
    // The size in the local header and in the directory of the first file.
    for (let i = 0; i < bytes.length - 4; i++) if (view.getUint32(i, true) === 8_000_000) view.setUint32(i, 5, true);
    const { files } = await openFolder(new File([bytes], 'x.zip'));
    expect(await failure(() => files[0]!.blob())).to.equal('file-format: “big.png” in x.zip is damaged');
    expect((await files[1]!.blob()).size).to.be.above(50);
  });

  it('tells a damaged file and a damaged archive', async () => {
    const bytes = fromBase64(golden.zips[1]!.file);
    const at = new TextDecoder('latin1').decode(bytes).indexOf('IDAT');
    bytes[at + 6]! ^= 1;
    const { files } = await openFolder(new File([bytes], 'x.zip'));
    const found = await Promise.all(files.map((file) => failure(() => file.blob())));
    expect(found.filter((each) => each !== 'none').length).to.equal(1);
    expect(await failure(() => openFolder(new File([bytes.slice(0, -40)], 'x.zip')))).to.equal(
      'file-format: x.zip is no zip, or a damaged one',
    );
  });

  it('does not unpack what shrank as no data do', async () => {
    const bytes = fromBase64(golden.bomb);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < bytes.length - 4; i++)
      if (view.getUint32(i, true) === 8_000_000) view.setUint32(i, 2 ** 30, true);
    const { files } = await openFolder(new File([bytes], 'x.zip'));
    expect(await failure(() => files[0]!.blob())).to.match(/^file-format: .* a bomb: 1024 MiB packed into \d+ bytes$/);
  });

  it('tells what is packed by another method, and reads a file that seems to be a folder', async () => {
    const bytes = fromBase64(golden.bomb);
    const view = new DataView(bytes.buffer);
    const directory = bytes.findIndex((_, i) => i + 4 < bytes.length && view.getUint32(i, true) === 0x02014b50);
    view.setUint16(directory + 10, 12, true);
    const { files } = await openFolder(new File([bytes], 'x.zip'));
    expect(await failure(() => files[0]!.blob())).to.equal(
      'file-format: “big.png” in x.zip is compressed by method 12 of zip: pack it anew by Deflate',
    );
    view.setUint8(directory + 38, 0x10);
    const again = await openFolder(new File([bytes], 'x.zip'));
    expect(again.files.map(({ path }) => path)).to.deep.equal(['big.png', 'small.png']);
  });

  it('takes paths that begin with a dot for the same without', async () => {
    const { files, problems } = await openFolder([picked('./a/b.png'), picked('./c.png'), picked('d/./e.png')]);
    expect(files.map(({ path }) => path)).to.deep.equal(['a/b.png', 'c.png']);
    expect(problems.listed.map(({ file }) => file)).to.deep.equal(['d/./e.png']);
  });

  it('walks through the handle of a directory', async () => {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry('pairs-test', { recursive: true }).catch(() => undefined);
    const top = await root.getDirectoryHandle('pairs-test', { create: true });
    const inner = await top.getDirectoryHandle('birds', { create: true });
    for (const [folder, name] of [
      [inner, 'a robin.png'],
      [inner, '.DS_Store'],
      [top, 'an owl.png'],
    ] as const) {
      const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await writable.write(name);
      await writable.close();
    }
    const pairs = await read(top);
    expect(shown(pairs)).to.deep.equal([
      ['an owl.png', 'an owl'],
      ['birds/a robin.png', 'a robin'],
    ]);
    await root.removeEntry('pairs-test', { recursive: true });
  });

  it('stops with the reason of an abort', async () => {
    const options: PairsOptions = { signal: AbortSignal.abort(new Error('enough')) };
    const opening = openFolder([picked('a/b.png')], options);
    expect(await opening.catch((error: Error) => error.message)).to.equal('enough');
  });
});
