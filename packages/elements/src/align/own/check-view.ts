import { css, html, nothing, type TemplateResult } from 'lit';
import { encodingName } from './encodings.ts';
import { pictureUrl } from './picture-url.ts';
import { mostPairs, type ReadColumn, type Reading, type Told, type Troubles } from './reading.ts';

export const checkStyles = css`
  .card {
    display: grid;
    gap: calc(1.5 * var(--_unit));
    padding: calc(2 * var(--_unit));
    border-radius: 14px;
    background: var(--_sunken);
    overflow-wrap: anywhere;
  }
  .card > *,
  .card select {
    min-inline-size: 0;
    max-inline-size: 100%;
  }
  .spread {
    justify-content: space-between;
  }
  .card .scroll {
    overflow-x: auto;
  }
  .pairs {
    inline-size: 100%;
    border-collapse: separate;
    border-spacing: 0;
    table-layout: fixed;
    font-size: 0.9375rem;
  }
  .pairs :is(th, td) {
    padding: 6px 10px;
    text-align: start;
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  .pairs span {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 4;
    overflow: hidden;
  }
  .pairs :is(th, td):first-child {
    border-inline-end: 4px solid var(--_sunken);
    background: var(--_warm-soft);
  }
  .pairs :is(th, td):last-child {
    background: var(--_cool-soft);
  }
  .pairs th {
    border-radius: 12px 12px 0 0;
    border-block-start: 3px solid var(--_warm);
    font-weight: 600;
  }
  .pairs th:last-child {
    border-color: var(--_cool);
  }
  .pairs th select {
    inline-size: 100%;
    min-block-size: 36px;
    padding-inline: 6px;
    border-radius: 10px;
    text-overflow: ellipsis;
  }
  .pairs img {
    display: block;
    inline-size: 40px;
    block-size: 40px;
    border-radius: 6px;
    background: var(--_print);
    object-fit: contain;
  }
  .troubles ol {
    display: grid;
    gap: 4px;
    padding: 4px 0 0 calc(2 * var(--_unit));
    color: var(--_muted);
    font-size: 0.875rem;
    overflow-wrap: anywhere;
  }
  .troubles summary {
    color: var(--_care);
    cursor: pointer;
  }
`;

/** What was read, before anything is learned from it: which columns, how many rows, what was left out. */
export function checkView(view: {
  readonly reading: Reading;
  readonly left: number;
  readonly right: number;
  readonly disabled: boolean;
  readonly choose: (side: 'left' | 'right', column: number) => void;
  readonly tell: (more: Told) => void;
  readonly again: () => void;
  /** The way to bring more of the same. */
  readonly more: TemplateResult | typeof nothing;
}): TemplateResult {
  const { reading, left, right, disabled, choose, tell, again, more } = view;
  const { title, rows, columns, header, encoding, preview, troubles } = reading;
  const picker = (side: 'left' | 'right', chosen: number): TemplateResult => html`
    <th scope="col">
      ${
        columns.length > 2
          ? html`<select
              aria-label=${side === 'left' ? 'Left column' : 'Right column'}
              ?disabled=${disabled}
              @change=${(event: Event) => choose(side, Number((event.target as HTMLSelectElement).value))}
            >
              ${columns.map(
                (column, i) => html`<option value=${i} ?selected=${i === chosen}>${columnName(column)}</option>`,
              )}
            </select>`
          : columnName(columns[chosen]!)
      }
    </th>
  `;
  return html`
    <section class="card" part="check">
      <div class="row spread">
        <h2 tabindex="-1">Do these belong together?</h2>
        <button class="chip" ?disabled=${disabled} @click=${again}>Something else</button>
      </div>
      <div class="scroll">
        <table class="pairs">
          <thead>
            <tr>
              ${picker('left', left)}${picker('right', right)}
            </tr>
          </thead>
          <tbody>
            ${preview.map(
              (row) =>
                html`<tr>
                  <td dir="auto">${peekView(row[left])}</td>
                  <td dir="auto">${peekView(row[right])}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <p>
        ${title}${rows ? `: ${rows.exact ? '' : 'about '}${pairsSentence(rows.count)}` : ''}.
        ${rows ? sizeSentence(rows.count) : ''}
      </p>
      ${
        header === undefined
          ? nothing
          : html`<label class="tick">
              <input
                type="checkbox"
                .checked=${header}
                ?disabled=${disabled}
                @change=${(event: Event) => tell({ header: (event.target as HTMLInputElement).checked })}
              />
              The first row names the columns
            </label>`
      }
      ${
        encoding
          ? html`<label class="row" part="encoding">
              The file is not Unicode. Its letters are read as
              <select
                ?disabled=${disabled}
                @change=${(event: Event) => tell({ encoding: (event.target as HTMLSelectElement).value })}
              >
                ${encoding.possible.map(
                  (label) =>
                    html`<option value=${label} ?selected=${label === encoding.used}>${encodingName(label)}</option>`,
                )}
              </select>
            </label>`
          : nothing
      }
      ${troublesView(troubles)} ${more}
    </section>
  `;
}

function peekView(value: string | Blob | undefined): TemplateResult {
  if (value instanceof Blob) return html`<img src=${pictureUrl(value)} alt="" />`;
  return html`<span>${value ?? '–'}</span>`;
}

/** What was left out, each with its place. */
export function troublesView({ count, listed }: Troubles): TemplateResult | typeof nothing {
  if (count === 0) return nothing;
  return html`
    <details class="troubles" part="troubles">
      <summary>${count === 1 ? 'One row' : `${count.toLocaleString('en')} rows`} left out</summary>
      <ol>
        ${listed.map(({ place, reason }) => html`<li>${place}: ${reason}</li>`)}
        ${count > listed.length ? html`<li>and ${(count - listed.length).toLocaleString('en')} more</li>` : nothing}
      </ol>
    </details>
  `;
}

/** `1 pair`, `2,000 pairs`. */
export function pairsSentence(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'pair' : 'pairs'}`;
}

/** What a visitor may hope for. */
export function sizeSentence(pairs: number): string {
  if (pairs < 10) return 'Too few to learn from: bring some dozens.';
  if (pairs < 100) return 'Enough for a hint of what is possible; 200 make a translator.';
  if (pairs < 200) return 'A beginning; 200 make a translator.';
  if (pairs < 1000) return 'Enough for a translator of things like these.';
  if (pairs <= mostPairs) return 'Plenty.';
  return `Plenty: it learns from ${mostPairs.toLocaleString('en')} of them, taken evenly.`;
}

function columnName({ name, kind }: ReadColumn): string {
  return kind === 'vector' ? `${name} (vectors)` : name;
}
