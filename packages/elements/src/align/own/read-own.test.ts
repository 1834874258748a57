import { expect } from '@open-wc/testing';
import { readOwn } from './read-own.ts';
import { mostPairs } from './reading.ts';
import { countOf, labelOf } from './side.ts';

/** The sentence that `readOwn()` refuses `text` with. */
const refused = (text: string): Promise<string> =>
  readOwn(text, undefined, {}).then(
    () => 'nothing is refused',
    (error: Error) => error.message,
  );

describe('readOwn()', () => {
  it('takes as many rows of a long table as it says, from all over it', async () => {
    const count = mostPairs + 1;
    const rows = Array.from({ length: count }, (_, i) => `word ${i},Wort ${i}`);
    const reading = await readOwn(['English,German', ...rows].join('\n'), undefined, {});
    const { left, right, of } = await reading.pairs(0, 1, {});
    expect([countOf(left), countOf(right), of]).to.deep.equal([mostPairs, mostPairs, count]);
    expect(labelOf(left, 0)).to.equal('word 0');
    expect(labelOf(left, mostPairs / 2)).to.equal(`word ${mostPairs / 2}`);
    expect(labelOf(right, mostPairs - 1)).to.equal(`Wort ${mostPairs - 1}`);
  });

  it('counts what it has read, and says no more than two digits of what it reckons', async () => {
    const table = (count: number): string => `English,German\n${'some word or other,irgendein Wort\n'.repeat(count)}`;
    expect((await readOwn(table(123), undefined, {})).rows).to.deep.equal({ count: 123, exact: true });
    expect((await readOwn(table(123_456), undefined, {})).rows).to.deep.equal({ count: 120_000, exact: false });
  });

  it('says that a column of numbers cannot be a side', async () => {
    expect(await refused('word,year\ndog,1984\ncat,1975\nfox,1990')).to.equal(
      'Two columns of words, pictures or vectors are needed: of numbers alone, as in year, no side can be made.',
    );
    expect(await refused('dog\ncat\ncow')).to.contain('put a tab or a comma between');
  });
});
