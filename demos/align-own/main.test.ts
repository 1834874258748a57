import { expect, fixture, html, waitUntil } from '@open-wc/testing';

describe('the page that aligns what visitors bring', () => {
  it('says when an example cannot be fetched', async () => {
    const page = await fixture(html`
      <div>
        <a href="/nowhere.tsv" download="words.tsv">the table</a>
        <cognate-align pairs="own">
          <div slot="examples">
            <button data-example="words">words</button>
            <span role="status"></span>
          </div>
        </cognate-align>
      </div>
    `);
    await import('./main.ts');
    page.querySelector('button')!.click();
    const told = page.querySelector('[role=status]')!;
    expect(told.textContent).to.equal('Fetching …');
    await waitUntil(() => told.textContent.includes('could not be fetched'), 'nothing is told', { timeout: 15_000 });
  });
});
