import { expect } from '@open-wc/testing';
import { fromBase64 } from '../../../test/helpers/bytes.ts';
import { itemsOf, picked, read, shown } from '../../../test/helpers/data-in.ts';
import { failure } from '../../../test/helpers/failure.ts';
import { captionOfName, pairCaptions } from './captions.ts';
import { writeNpy } from './npy.ts';
import { readPairs } from './pairs.ts';

const npy = (name: string, dim: number, data: number[]): File =>
  new File([writeNpy({ space: { dim }, count: data.length / dim, data: Float32Array.from(data) })], name);

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
    await reason('readme.txt', '', 'There are no rows: the text is empty');
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
