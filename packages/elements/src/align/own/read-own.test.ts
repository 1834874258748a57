import { expect } from '@open-wc/testing';
import { likelyEncoding } from './encodings.ts';
import { readOwn } from './read-own.ts';
import { mostPairs } from './reading.ts';
import { countOf, labelOf } from './side.ts';

/** The sentence that `readOwn()` refuses `text` with. */
const refused = (text: string): Promise<string> =>
  readOwn(text, {}, {}).then(
    () => 'nothing is refused',
    (error: Error) => error.message,
  );

describe('readOwn()', () => {
  it('takes as many rows of a long table as it says, from all over it', async () => {
    const count = mostPairs + 1;
    const rows = Array.from({ length: count }, (_, i) => `word ${i},Wort ${i}`);
    const reading = await readOwn(['English,German', ...rows].join('\n'), {}, {});
    const { left, right, of } = await reading.pairs(0, 1, {});
    expect([countOf(left), countOf(right), of]).to.deep.equal([mostPairs, mostPairs, count]);
    expect(labelOf(left, 0)).to.equal('word 0');
    expect(labelOf(left, mostPairs / 2)).to.equal(`word ${mostPairs / 2}`);
    expect(labelOf(right, mostPairs - 1)).to.equal(`Wort ${mostPairs - 1}`);
  });

  it('counts what it has read, and says no more than two digits of what it reckons', async () => {
    const table = (count: number): string => `English,German\n${'some word or other,irgendein Wort\n'.repeat(count)}`;
    expect((await readOwn(table(123), {}, {})).rows).to.deep.equal({ count: 123, exact: true });
    expect((await readOwn(table(123_456), {}, {})).rows).to.deep.equal({ count: 120_000, exact: false });
  });

  it('reads letters that are not Unicode as the visitor says, and else as their language is mostly written', async () => {
    const bytes = [0x47, 0x72, 0xf6, 0xdf, 0x65]; // Größe
    const file = new File(['word,Wort\nsize,', Uint8Array.from(bytes), '\nmouth,Mund\n'], 'a.csv');
    const western = await readOwn([file], {}, {});
    expect(western.encoding?.used).to.equal('windows-1252');
    expect(western.encoding?.possible).to.include('windows-1250').and.not.include('utf-8');
    expect(western.preview[0]).to.deep.equal(['size', 'Größe']);
    const { right } = await western.pairs(0, 1, {});
    expect(labelOf(right, 0)).to.equal('Größe');
    const cyrillic = await readOwn([file], { encoding: 'windows-1251' }, {});
    expect(cyrillic.preview[0]).to.deep.equal(['size', 'GrцЯe']);
    expect((await readOwn([new File(['word,Wort\nsize,Größe\n'], 'a.csv')], {}, {})).encoding).to.equal(undefined);
  });

  it('says that a column of numbers cannot be a side', async () => {
    expect(await refused('word,year\ndog,1984\ncat,1975\nfox,1990')).to.equal(
      'Two columns of words, pictures or vectors are needed: of numbers alone, as in year, no side can be made.',
    );
    expect(await refused('dog\ncat\ncow')).to.contain('put a tab or a comma between');
  });

  it('lets the column of each of two tables be chosen', async () => {
    const table = (name: string, rows: string[][]): File =>
      new File([['id,category,text', ...rows.map((row, i) => [i, ...row].join(','))].join('\n')], name);
    const sorts = (sort: string, thing: string): string[][] =>
      Array.from({ length: 12 }, (_, i) => [sort, `${thing} ${i}`]);
    const files = [table('en.csv', sorts('animal', 'dog')), table('de.csv', sorts('Tier', 'Hund'))];
    const reading = await readOwn(files, {}, {});
    expect(reading.columns.map(({ name }) => name)).to.deep.equal([
      ...['id in en.csv', 'category in en.csv', 'text in en.csv'],
      ...['id in de.csv', 'category in de.csv', 'text in de.csv'],
    ]);
    expect([reading.suggestion, reading.header, reading.rows?.count]).to.deep.equal([{ left: 2, right: 5 }, true, 12]);
    expect(reading.preview[0]).to.deep.equal(['0', 'animal', 'dog 0', '0', 'Tier', 'Hund 0']);
    const chosen = await reading.pairs(5, 1, {});
    expect([chosen.left, chosen.right].map((side) => labelOf(side, 11))).to.deep.equal(['Hund 11', 'animal']);
    const longer = [files[0]!, new File(['Hund\nKatze\n'], 'de.txt')];
    const lines = await readOwn(longer, {}, {});
    expect(lines.columns.map(({ name }) => name)).to.deep.equal(['id', 'category', 'text', 'de']);
    expect(await lines.pairs(2, 3, {}).catch((error: Error) => error.message)).to.equal(
      'Rows pair by position, but en.csv has 12 and de.txt has 2.',
    );
    const named = await readOwn(longer, { header: true }, {});
    expect(named.columns.at(-1)!.name).to.equal('Hund');
  });

  it('says when a table has names and nothing below them', async () => {
    expect(await refused('English,German\n')).to.equal('There are no rows below the names of the columns.');
    expect((await readOwn('{"a": "dog", "b": "Hund"}\n{"a": "cat", "b": "Katze"}', {}, {})).header).to.equal(undefined);
  });
});

describe('likelyEncoding()', () => {
  it('is that of the language, or the first that is possible', () => {
    const all = ['windows-1252', 'windows-1250', 'shift_jis', 'gb18030', 'big5'];
    for (const [language, label] of [
      ['en-GB', 'windows-1252'],
      ['pl', 'windows-1250'],
      ['ja-JP', 'shift_jis'],
      ['zh-CN', 'gb18030'],
      ['zh-TW', 'big5'],
    ] as const) {
      expect(likelyEncoding(all, language), language).to.equal(label);
    }
    expect(likelyEncoding(['windows-1252'], 'ja')).to.equal('windows-1252');
    expect(likelyEncoding([], 'ja')).to.equal(undefined);
  });
});
