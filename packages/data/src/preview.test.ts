import { expect } from '@open-wc/testing';
import { fromBase64 } from '../../../test/helpers/bytes.ts';
import { languageOf } from './language.ts';
import { preview } from './preview.ts';
import { readTable } from './table.ts';

const kinds = async (text: string): Promise<string[]> =>
  (await preview(text)).columns.map(({ name, kind, dim }) => `${name}: ${kind}${dim === undefined ? '' : ` ${dim}`}`);

const pair = async (text: string): Promise<(string | undefined)[]> => {
  const { suggestion } = await preview(text);
  return [suggestion?.source.name, suggestion?.target.name];
};

/** A dozen rows of a table. */
const goods = (row: (i: number) => readonly string[]): string =>
  Array.from({ length: 12 }, (_, i) => `${row(i).join(',')}\n`).join('');

describe('preview()', () => {
  it('tells dialect, columns, first rows and a suggestion', async () => {
    const text = 'id;caption;image\n1;the cat is on the mat;a.png\n2;a dog with the ball;b.png\n3;;c.png\n';
    const found = await preview(text, { rows: 2 });
    expect(found.delimiter).to.equal(';');
    expect(found.header).to.equal(true);
    expect(found.rows).to.deep.equal([
      ['1', 'the cat is on the mat', 'a.png'],
      ['2', 'a dog with the ball', 'b.png'],
    ]);
    expect(found.lines).to.deep.equal([2, 3]);
    expect(found.columns.map(({ kind }) => kind)).to.deep.equal(['id', 'text', 'picture']);
    expect([found.suggestion?.source.name, found.suggestion?.target.name]).to.deep.equal(['caption', 'image']);
    expect(found.estimate).to.deep.equal({ rows: 3, exact: true });
  });

  it('reads the beginning only, and reckons the rest', async () => {
    const rows = 500_000;
    const file = new Blob(['text,label\n', 'some sentence or other,x\n'.repeat(rows)]);
    let pulled = 0;
    const watched = Object.assign(new Blob([file]), {
      stream: () =>
        file.stream().pipeThrough(
          new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
            transform(part, controller) {
              pulled += part.length;
              controller.enqueue(part);
            },
          }),
        ),
    });
    const { estimate } = await preview(watched);
    expect(estimate!.exact).to.equal(false);
    expect(estimate!.rows).to.be.closeTo(rows, rows / 100);
    expect(pulled).to.be.below(file.size / 3);
  });

  it('lists rows that cannot be read instead of failing', async () => {
    const { problems, rows } = await preview('a;b\nc;d\ne\nf;g\n');
    expect(rows.length).to.equal(3);
    expect(problems.listed).to.deep.equal([{ line: 3, reason: 'a row of 1 cell where most rows have 2' }]);
  });

  for (const [text, names, expected] of [
    ['dog - Hund\nguide-dog - Blindenhund\ncat - Katze\n', ['column 1', 'column 2'], ['dog', 'Hund']],
    ['English → German\ndog → Hund\ncat → Katze\n', ['English', 'German'], ['dog', 'Hund']],
    ['dog: Hund, der\ncat: Katze\ncow: Kuh\n', ['column 1', 'column 2'], ['dog', 'Hund, der']],
    [
      'a.jpg#0 a dog runs .\na.jpg#1\ta dog , running\nb.jpg#0 a cat\n',
      ['column 1', 'column 2'],
      ['a.jpg#0', 'a dog runs .'],
    ],
    ['x/a.png:a dog: brown\nb.png:a cat\nc.png:a cow\n', ['column 1', 'column 2'], ['x/a.png', 'a dog: brown']],
    ['| en | de |\n|:--|----|\n| dog | Hund |\n| cat | |\n', ['en', 'de'], ['dog', 'Hund']],
    [
      `id,en,de,note\n${goods((i) => ['', `dog ${i}`, `Hund ${i}`, ''])}`,
      ['id', 'en', 'de', 'note'],
      ['', 'dog 0', 'Hund 0', ''],
    ],
    ['text\nnote: a\nnote: b\nnote: c\n', ['text'], ['note: a']],
    ['a-b\nc: d\ne = f\n', ['column 1'], ['a-b']],
  ] as const) {
    it(`reads ${JSON.stringify(text.split('\n')[0])} as ${names.join(', ')}`, async () => {
      const { columns, rows, problems } = await preview(text);
      expect(columns.map(({ name }) => name)).to.deep.equal(names);
      expect(rows[0]).to.deep.equal(expected);
      expect(problems.count).to.equal(0);
    });
  }

  it('reads the first message of each role of a chat', async () => {
    const said = ['hello', 'hi', 'bye'].map((content, i) => ({ role: ['user', 'assistant'][i % 2], content }));
    const { columns, rows } = await preview(`${JSON.stringify({ messages: said, none: [] })}\n`);
    expect(columns.map(({ name }) => name)).to.deep.equal(['messages.user', 'messages.assistant', 'none']);
    expect(rows).to.deep.equal([['hello', 'hi', []]]);
  });

  for (const [name, row, fields] of [
    [
      'another chat',
      {
        c: [
          { from: 'human', value: 'hi' },
          { from: 'gpt', value: 'ho' },
        ],
      },
      { 'c.human': 'hi', 'c.gpt': 'ho' },
    ],
    ['the texts of objects', { s: [{ raw: 'a', n: 1 }, { raw: 'b' }], f: 'x' }, { 's.raw': ['a', 'b'], f: 'x' }],
    ['objects without texts', { s: [{ raw: 'a' }, { n: 'b' }] }, { s: [{ raw: 'a' }, { n: 'b' }] }],
  ] as const) {
    it(`reads ${name}`, async () => {
      const { columns, rows } = await preview(`${JSON.stringify({ ...row, id: 1 })}\n${JSON.stringify(row)}\n`);
      const read = Object.fromEntries(columns.map((column, i) => [column.name, rows[0]![i]]));
      expect(read).to.deep.equal({ ...fields, id: 1 });
    });
  }

  it('names the rows whose commas nobody quoted, under names of columns', async () => {
    const { columns, rows, problems } = await preview(
      'Question,Answer\nwho?,I, you, they\nwhen?,now\nwhy?,so, and, and so\n',
    );
    expect(columns.map(({ name }) => name)).to.deep.equal(['Question', 'Answer']);
    expect(rows).to.deep.equal([['when?', 'now']]);
    expect(problems.listed.map(({ line }) => line)).to.deep.equal([2, 4]);
  });

  it('knows no number of rows of a stream that goes on', async () => {
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('a,b\n'.repeat(50_000))),
    });
    expect((await preview(stream)).estimate).to.equal(undefined);
  });
});

describe('columns', () => {
  for (const [text, expected] of [
    ['key,text\n7,a\n9,b\n', ['key: id', 'text: text']],
    ['price,text\n1.5,a\n2.5,b\n', ['price: number', 'text: text']],
    ['text,vector\na,"[0.1, -2e-3]"\nb,"[1, 2]"\n', ['text: text', 'vector: vector 2']],
    ['text\tvec\na\t0.1 0.2 0.3 0.4 1 2 3 4\nb\t1 2 3 4 5 6 7 8\n', ['text: text', 'vec: vector 8']],
    ['text,a_0,a_1,a_2,b_0,b_1,b_2\nx,1,2,3,4,5,6\ny,2,3,4,5,6,8\n', ['text: text', 'a: vector 3', 'b: vector 3']],
    ['text,text_0,text_1,text_2\nx,1,2,3.5\ny,2,3,5\n', ['text: text', 'text_0 to text_2: vector 3']],
    [
      'a_0,a_1,a_2,a,a.3,a.4,a.5\n1.5,2,3,x,1,2,3\n2.5,3,5,y,1,2,3\n',
      ['a_0 to a_2: vector 3', 'a: text', 'a.3 to a.5: vector 3'],
    ],
    ['.5,.1,.2\n.6,.7,.8\n', ['columns 1 to 3: vector 3']],
    [',0,1,2\n0,.1,.2,.3\n1,.2,.1,.5\n', ['column 1: id', 'vector: vector 3']],
    ['width,height\n1.5,2\n3,4.5\n', ['width: number', 'height: number']],
    ['image,text\nhttps://x.invalid/a.jpg?s=1,a\nb.webp,b\n', ['image: picture', 'text: text']],
    ['text,note\na,\nb,\n', ['text: text', 'note: empty']],
    ['{"a": ["x.png", "y.png"], "b": " "}\n{"a": ["z.png"], "b": " "}\n', ['a: picture', 'b: text']],
    ['{"text": "a", "v": [1, 2, null]}\n{"text": "b", "v": [1, 2, 3]}\n', ['text: text', 'v: vector 3']],
    ['[0.5, 0.25, 1]\n[1, 2, 3]\n', ['columns 1 to 3: vector 3']],
    ['x;y;z\n0,5;1,5;2\n3,5;4;5,5\n', ['x: number', 'y: number', 'z: number']],
    ['0,5;1,5;2\n3,5;4;5,5\n', ['columns 1 to 3: vector 3']],
    ['price,text\n"1,234",a\n"5,678",b\n', ['price: text', 'text: text']],
    ['price,text\n"1,234",a\n"5,67",b\n', ['price: number', 'text: text']],
    ['v\ttext\n[0,5 1]\ta\n[1 2,5]\tb\n', ['v: vector 2', 'text: text']],
    ['v\ttext\n[1,2,3]\ta\n[1 ,2 ,3]\tb\n', ['v: vector 3', 'text: text']],
    ['phone,text\n030 1234 56 78,a\n040 4321 65 87,b\n', ['phone: text', 'text: text']],
    [
      'outfit_id,link,text\nset W1,https://a.invalid/1,a\nset W2,https://a.invalid/1,b\n',
      ['outfit_id: id', 'link: id', 'text: text'],
    ],
    [
      'code,day,text\nBV1xK8,2026-11-28,a\nBV2pQ9,2026-11-29T10:30,b\nBV77ab,2026-11-28,c\nBV0aa1,2026-11-28,d\nBVzz93,2026-11-28,e\n',
      ['code: id', 'day: id', 'text: text'],
    ],
    ['file,more\na.jpg#0 a dog runs,x\nb.jpg#1 a cat,y\n', ['file: text', 'more: text']],
  ] as const) {
    it(`of ${JSON.stringify(text.split('\n')[1])} are told`, async () =>
      expect(await kinds(text)).to.deep.equal(expected));
  }

  for (const [text, expected] of [
    ['note,target,source\nx y z,a,b\nx y,c,d\n', ['source', 'target']],
    ['id,en,de\n1,dog,Hund\n2,cat,Katze\n', ['en', 'de']],
    ['caption,image,more\na,a.png,x\nb,b.png,y\n', ['caption', 'image']],
    ['a_0,a_1,a_2,text,b_0,b_1,b_2\n1,2,3,x,4,5,6\n2,3,4,y,5,6,8\n', ['a', 'b']],
    ['text,vector\na,"[1, 2]"\nb,"[3, 4]"\n', ['text', 'vector']],
    ['id,text\n1,a\n2,b\n', [undefined, undefined]],
    ['dog\tHund\ncat\tKatze\n', ['column 1', 'column 2']],
    ['source,category,question,answer\nx,y,who?,me\nx,y,when?,now\n', ['question', 'answer']],
    ['title,summary,text\na,b,c\nd,e,f\n', ['text', 'summary']],
    [
      '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}],"id":"x"}\n',
      ['messages.user', 'messages.assistant'],
    ],
    ['cz,en\nmléko,milk\nchléb,bread\n', ['cz', 'en']],
    ['word,pos,ipa,translation\nkala,n,kala,fish\nsoweli,n,soweli,animal\n', ['word', 'translation']],
    [
      `gender,kind,name,description\n${goods((i) => ['Men', 'Shirt', `Shirt no. ${i}`, `a shirt of sort ${i}`])}`,
      ['name', 'description'],
    ],
    [
      `brand,photo,words,label\n${goods((i) => ['Acme', `${i}.jpg`, `a watch of sort ${i}`, 'new'])}`,
      ['photo', 'words'],
    ],
    [
      `remark,en,lang,said\n${goods((i) => [i ? '' : 'new', `word ${i >> 2}`, ['de', 'fr'][i & 1]!, `said ${i}`])}`,
      ['en', 'said'],
    ],
  ] as const) {
    it(`suggest ${expected.join(' and ')} for ${JSON.stringify(text.split('\n')[0])}`, async () => {
      expect(await pair(text)).to.deep.equal(expected);
    });
  }

  for (const [text, header] of [
    ['dog,Hund\ncat,Katze\n', false],
    ['date,Datum\nday,Tag\n', false],
    ['term,meaning\ndog,a beast that barks\n', true],
    ['meaning_en,trick_text_de,on\na,b,c\n', true],
    ['masterCategory,baseColour\na,b\n', true],
    [`a\nabandon\n${goods((i) => [`ability ${i}`])}`, false],
    [`Begriff\tErklärung\n${'Hund\tein Tier, das bellt und beißt\n'.repeat(9)}`, true],
    ['Begriff\tDefinition\nHund\tein Tier\nKatze\tnoch eins\n', true],
    ['mot,traduction\nchien,dog\nchat,cat\n', true],
    ['frase,muro\nparola,parete\npane,latte\n', false],
    [`kana;sense\n${goods((i) => ['あき', `no. ${i}`]).replaceAll(',', ';')}`, true],
    [`thing,sort\n${goods((i) => [`thing no. ${i}`, i % 2 ? 'noun' : 'verb'])}`, true],
    [`oak,noun\n${goods((i) => [`tree no. ${i}`, i % 2 ? 'noun' : 'verb'])}`, false],
    [`albhed,english\n${goods((i) => [`rymm ${i}`, 'the end of the hall is near'])}`, true],
    [`Well, no.\n${goods((i) => [`thing no. ${i}`, i % 2 ? 'noun' : 'verb'])}`, false],
  ] as const) {
    it(`${header ? 'are named by' : 'have no names in'} ${JSON.stringify(text.split('\n')[0])}`, async () =>
      expect((await preview(text)).header).to.equal(header));
  }

  it('tell the language of their texts by name, script and short words', async () => {
    const { columns } = await preview('Deutsch,text_fr,text\nHund,chien,собака\nKatze,chat,кошка\n');
    expect(columns.map(({ language }) => language)).to.deep.equal(['de', 'fr', 'ru']);
    for (const [code, text] of [
      ['en', 'the dog is in the garden with a cat'],
      ['de', 'der Hund ist mit der Katze auf dem Dach und schläft nicht'],
      ['es', 'el perro está en el jardín con los gatos y una pelota'],
      ['ja', '犬は庭にいます'],
      ['zh', '狗在花园里'],
      ['ko', '개가 정원에 있다'],
      ['uk', 'Собака є в саду і їсть'],
      [undefined, 'Zebra Giraffe'],
    ] as const) {
      expect(languageOf([text]), text).to.equal(code);
    }
  });
});

describe('tables that Python wrote', () => {
  it('are read cell by cell as they were, in every dialect and encoding', async () => {
    const { tables } = (await (await fetch('/test/golden/data.json')).json()) as {
      tables: readonly { name: string; file: string; rows: readonly (readonly string[])[] }[];
    };
    expect(tables.length).to.equal(9);
    for (const { name, file, rows } of tables) {
      const table = await readTable(new Blob([fromBase64(file)]));
      const read: unknown[] = [];
      for await (const batch of table.batches()) read.push(...batch.rows);
      expect(read, name).to.deep.equal(rows.slice(1));
      expect(table.columns.map((column) => column.name)).to.deep.equal(rows[0]);
    }
  });
});
