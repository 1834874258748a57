import { expect } from '@open-wc/testing';
import { exampleReport } from '../../../../test/helpers/example-report.ts';
import { reportMarkdown } from './report-markdown.ts';

describe('reportMarkdown', () => {
  it('says the verdict first, then every part of the data', () => {
    const text = reportMarkdown(exampleReport(), { source: 'captions', target: 'pictures' });
    expect(text.startsWith('# captions to pictures: pass\n\n- All is well.\n')).to.equal(true);
    expect(text).to.include('| recall at 1 | 40.0 % (37.0 % to 43.0 %) | 39.0 % (36.0 % to 42.0 %) |');
    expect(text).to.include('| guessing |').and.include('fits to 8 other splits');
    expect(text).to.include('| 900 | 40.0 % ± 2.0 % | 80.0 % |');
    expect(text).to.include('200 more pairs are worth about 3.0 points of recall at 1.');
    expect(text).to.include('| 17 | 5.2 | 412 | 388 | 3 | 9 |');
    expect(text).to.include('## Before fitting: good').and.include('| unbiased CKA | 0.600 | 0.001 | 0.005 |');
    expect(text).to.include('| Canonical similarity | 0.480 | 80.0 % | 0.4 |');
    expect(text).not.to.match(/undefined|NaN|\[object/);
  });

  it('makes tables whose lines have as many cells as their heads', () => {
    const lines = reportMarkdown(exampleReport()).split('\n');
    let cells = 0;
    for (const line of lines) {
      if (!line.startsWith('|')) cells = 0;
      else if (cells === 0) cells = line.split('|').length;
      else expect(line.split('|').length, line).to.equal(cells);
    }
  });

  it('tells what speaks for a map without pairs', () => {
    const none = { value: 0.31, chance: 0.02 };
    const matching = { runs: 8, agreement: none, fit: none, cka: none, clusters: { ...none, random: 0 } };
    expect(reportMarkdown(exampleReport({ matching }))).to.include('| agreement of 8 runs | 0.310 | 0.020 |');
  });

  it('says so where another method drew the curve', () => {
    expect(reportMarkdown(exampleReport())).to.include('By canonical similarity on 3 splits.');
    const text = reportMarkdown(exampleReport({ method: 'contrastive' }));
    expect(text).to.include('By canonical similarity, a quick stand-in for contrastive learning, on 3 splits.');
  });

  it('leaves out what is not known', () => {
    const { method, reason, trainPairs, chance, verdict, seed } = exampleReport();
    const bare = { method, reason, tried: [], trainPairs, heldOutPairs: 0, chance, verdict, suspects: [], seed };
    const text = reportMarkdown(bare);
    expect(text).not.to.include('##');
    expect(text).to.include('measured on 0');
  });

  it('shows marks in names as they are', () => {
    const text = reportMarkdown(exampleReport(), { source: 'a|b', target: '<img src=x>\n# c' });
    expect(text).to.include('# a\\|b to \\<img src=x\\> \\# c: pass');
  });

  it('is of data that survive JSON', () => {
    const report = exampleReport();
    expect(reportMarkdown(JSON.parse(JSON.stringify(report)) as typeof report)).to.equal(reportMarkdown(report));
  });
});
