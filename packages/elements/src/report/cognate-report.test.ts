import type { AlignmentReport } from '@cognate/core';
import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { fakeCognate } from '../fake-cognate.ts';
import { heard } from '../heard.ts';
import type { CognateReport } from './cognate-report.ts';
import './cognate-report.ts';
import { bareReport, fullReport } from '../../../../test/helpers/example-report.ts';

const make = (report?: AlignmentReport): Promise<CognateReport> =>
  fixture(
    html`<cognate-report .report=${report} source-name="words" target-name="pictures" reviewing></cognate-report>`,
  );
const find = <E extends Element>(element: CognateReport, selector: string): E | null =>
  element.shadowRoot!.querySelector<E>(selector);
const text = (element: CognateReport, selector = 'article'): string =>
  find(element, selector)?.textContent.replace(/\s+/g, ' ').trim() ?? '';
const parts = (element: CognateReport): string[] =>
  [...element.shadowRoot!.querySelectorAll('[part]')].map((each) => each.getAttribute('part')!);

describe('<cognate-report>', () => {
  it('is accessible with every part there is, with hardly any, and without a report', async () => {
    for (const report of [fullReport, bareReport, undefined]) await expect(await make(report)).to.be.accessible();
  });

  it('tells the verdict first, in words and by the shape of its lamp', async () => {
    const shapes = new Set<string>();
    for (const [level, words] of [
      ['pass', 'can be trusted'],
      ['caution', 'with care'],
      ['fail', 'Do not rely'],
    ] as const) {
      const element = await make({ ...fullReport, verdict: { level, reasons: ['Because it is so.'] } });
      const article = find(element, 'article')!;
      expect(article.firstElementChild!.getAttribute('part')).to.equal('verdict');
      expect(text(element, '[part=verdict]')).to.contain(words).and.to.contain('Because it is so.');
      shapes.add(find(element, '.lamp .body')!.outerHTML);
    }
    expect(shapes.size).to.equal(3);
  });

  it('gives each score with its interval, beside guessing, shuffled pairs and plain cosine', async () => {
    const element = await make(fullReport);
    const row = [...element.shadowRoot!.querySelectorAll('.recall.forward tbody tr')][1]!.textContent;
    expect(row.replace(/\s+/g, ' '))
      .to.contain('among the first five')
      .and.to.contain('64 %')
      .and.to.contain('from 61 % to 67 %')
      .and.to.contain('guessing 8.0 %, pairs shuffled 8.8 %, by cosine alone 60 %');
    const bar = find<HTMLElement>(element, '.recall.forward tbody tr:nth-child(2) .bar')!;
    const width = (selector: string): number =>
      bar.querySelector(selector)!.getBoundingClientRect().width / bar.getBoundingClientRect().width;
    expect(width('.fill')).to.be.closeTo(0.64, 0.01);
    expect(width('.whisker')).to.be.closeTo(0.06, 0.01);
  });

  it('keeps labels of curves off one another, and off what stands above', async () => {
    const points = [10, 20, 40].map((pairs) => ({ pairs, recallAt1: 0.98, recallAt10: 1, sd: 0.01 }));
    const element = await make({ ...fullReport, learningCurve: { ...fullReport.learningCurve!, points } });
    const [first, ten] = [...element.shadowRoot!.querySelectorAll('.end-value')].map((each) =>
      each.getBoundingClientRect(),
    );
    expect(first!.top).to.be.at.least(ten!.bottom);
    const sentence = find(element, '.learning figcaption p')!.getBoundingClientRect();
    expect(ten!.top).to.be.at.least(sentence.bottom);
  });

  it('keeps the numbers of a label together at any width', async () => {
    const element = await make(fullReport);
    const broken = new Set<string>();
    for (let width = 280; width <= 1100; width += 20) {
      element.style.inlineSize = `${width}px`;
      for (const label of element.shadowRoot!.querySelectorAll('.dial dt')) {
        const last = label.lastChild!;
        const numbers = /(of|\d+\s+to)\s+\d+$/.exec(last.textContent!);
        if (!numbers) continue;
        const range = document.createRange();
        range.setStart(last, numbers.index);
        range.setEnd(last, last.textContent!.length);
        if (range.getClientRects().length > 1) broken.add(`${label.textContent} at ${width}`);
      }
    }
    expect([...broken]).to.deep.equal([]);
  });

  it('goes from left to right between names that are written from right to left, as is the page', async () => {
    const element = await make(fullReport);
    element.dir = 'rtl';
    element.sourceName = 'العربية';
    element.targetName = 'עברית';
    await element.updateComplete;
    const [from, to] = [...element.shadowRoot!.querySelectorAll('.recall.forward caption bdi')];
    expect([from!.textContent, to!.textContent]).to.deep.equal(['العربية', 'עברית']);
    expect(from!.getBoundingClientRect().right).to.be.at.most(to!.getBoundingClientRect().left);
  });

  it('has room for long names in a narrow column', async () => {
    const element = await make(fullReport);
    element.style.inlineSize = '280px';
    element.sourceName = 'paraphrase_multilingual_MiniLM_L12_v2_caption_en';
    await element.updateComplete;
    const { right } = element.getBoundingClientRect();
    for (const table of element.shadowRoot!.querySelectorAll('.recall')) {
      expect(table.getBoundingClientRect().right).to.be.at.most(right);
    }
  });

  it('says what more pairs are worth', async () => {
    expect(text(await make(fullReport), '[part=learning]')).to.contain('200 more pairs are worth about +3 points.');
  });

  it('shows what the points told beforehand beside chance', async () => {
    const forecast = text(await make(fullReport), '[part=forecast]');
    expect(forecast).to.contain('look alignable').and.to.contain('0.60').and.to.contain('chance 0.01');
  });

  it('shows what speaks for a map without pairs beside chance', async () => {
    const evidence = text(await make(fullReport), '[part=matching]');
    expect(evidence)
      .to.match(/8 runs agree\s+0\.31\s+0\.02/)
      .and.to.contain('only pairs can tell');
  });

  it('leaves out what a report does not tell', async () => {
    expect(parts(await make(bareReport))).to.deep.equal(['verdict']);
    expect(text(await make(bareReport))).to.contain('No pair could be held out');
    const { forecast: _forecast, ...rest } = fullReport;
    expect(parts(await make(rest)))
      .to.include('learning')
      .and.not.to.include('forecast');
  });

  it('shows the samples of suspect pairs, and lets the visitor drop them and take them back', async () => {
    const element = await make(fullReport);
    element.samples = { source: (row) => `word ${row}`, target: (row) => ({ url: 'data:,', name: `picture ${row}` }) };
    await element.updateComplete;
    const suspect = find(element, '[data-pair="17"]')!;
    expect(suspect.textContent).to.contain('word 17');
    expect([...suspect.querySelectorAll('img')].map(({ alt }) => alt)).to.deep.equal(['picture 17', 'picture 3']);
    const button = suspect.querySelector('button')!;
    const dropped = heard(element, 'cognate-dropped');
    button.click();
    expect((await dropped).detail.pairs).to.deep.equal([17]);
    await element.updateComplete;
    expect(button.getAttribute('aria-pressed')).to.equal('true');
    const back = heard(element, 'cognate-dropped');
    button.click();
    expect((await back).detail.pairs).to.be.empty;
  });

  it('keeps the number of a pair on one line where there is little room', async () => {
    const element = await make({ ...fullReport, suspects: [{ ...fullReport.suspects[0]!, pair: 12_345 }] });
    element.style.inlineSize = '280px';
    element.samples = { source: () => 'department store', target: () => 'Warenhauskette' };
    await element.updateComplete;
    const number = find(element, '[data-pair="12345"] th span')!;
    expect(number.textContent).to.equal('12346');
    expect(number.getClientRects()).to.have.length(1);
  });

  it('copies itself as Markdown', async () => {
    const element = await make(fullReport);
    element.cognate = fakeCognate();
    const { write } = navigator.clipboard;
    const written = new Promise<ClipboardItems>((resolve) => {
      navigator.clipboard.write = async (items) => resolve(items);
    });
    try {
      [...element.shadowRoot!.querySelectorAll('button')]
        .find((each) => each.textContent.includes('Markdown'))!
        .click();
      const [item] = await written;
      expect(await (await item!.getType('text/plain')).text()).to.equal('# contrastive');
    } finally {
      navigator.clipboard.write = write;
    }
  });

  it('reads a report with a byte order mark or lines before it', async () => {
    for (const before of ['\ufeff', '\n', ' \r\n']) {
      const element = await make();
      element.src = URL.createObjectURL(new Blob([before, JSON.stringify(fullReport)]));
      await waitUntil(() => find(element, '[part=verdict], [role=alert]') !== null);
      expect(text(element, '[part=verdict]'), JSON.stringify(before)).to.contain('can be trusted');
    }
  });

  it('reads the report of an alignment file, even of one that begins with a brace', async () => {
    const json = JSON.stringify({ __metadata__: { report: JSON.stringify(fullReport) } });
    const header = json.padEnd(Math.ceil(json.length / 256) * 256 + '{'.charCodeAt(0));
    const element = await make();
    element.src = URL.createObjectURL(new Blob([BigUint64Array.of(BigInt(header.length)), header]));
    await waitUntil(() => find(element, '[part=verdict], [role=alert]') !== null);
    expect(text(element, '[part=verdict]')).to.contain('can be trusted');
  });

  it('reads a report from a file, and says what is wrong with one that is none', async () => {
    const element = await make();
    element.src = URL.createObjectURL(new Blob([JSON.stringify(fullReport)]));
    await waitUntil(() => find(element, '[part=verdict]') !== null);
    const failed = heard(element, 'cognate-error');
    element.src = URL.createObjectURL(new Blob(['{"no": "report"}']));
    expect((await failed).detail.error.message).to.contain('There is no report at');
    await element.updateComplete;
    expect(find(element, '[role=alert]')!.textContent).to.contain('There is no report at');
  });
});
