import { css, html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { Cognate, UnfinishedFit } from '@cognate/web-workers';

export const unfinishedStyles = css`
  .unfinished {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--_unit) calc(2 * var(--_unit));
    padding: 12px 16px;
    border-radius: 12px;
    background: var(--_care-soft);
  }
  .unfinished p {
    flex: 1 1 16rem;
  }
`;

/** A note of this browser that a run was begun: without one, nothing needs to be asked, and no worker started. */
const marker = 'cognate-unfinished';

/** Runs that a reload or a crash has cut short. */
export class Unfinished {
  readonly #host: ReactiveControllerHost;
  readonly #resume: (fit: UnfinishedFit) => void;
  #found: UnfinishedFit | undefined;
  /** Elements and tabs beside this one may have taken the note away: to them, a run that is going is not unfinished. */
  readonly #leaving = (): void => note(true);

  /** @param resume is called when the visitor wants to go on with a run. */
  constructor(host: ReactiveControllerHost, resume: (fit: UnfinishedFit) => void) {
    this.#host = host;
    this.#resume = resume;
  }

  /** Looks for the newest run, where one was begun in this browser. */
  async look(cognate: Cognate): Promise<void> {
    if (!noted()) return;
    // A store that cannot be read holds nothing to go on with.
    const fits = await cognate.unfinishedFits().catch(() => []);
    this.#found = fits[0];
    if (!this.#found) note(false);
    this.#host.requestUpdate();
  }

  /** To be called when a run begins, and when it has ended other than by a failure. */
  running(going: boolean): void {
    note(going);
    if (going) addEventListener('pagehide', this.#leaving);
    else removeEventListener('pagehide', this.#leaving);
    if (going) this.#found = undefined;
  }

  /** To be called when a run has failed: it may be gone on with. */
  failed(cognate: Cognate): Promise<void> {
    removeEventListener('pagehide', this.#leaving);
    return this.look(cognate);
  }

  view(cognate: Cognate | undefined): TemplateResult | typeof nothing {
    const found = this.#found;
    if (!found || !cognate) return nothing;
    const { name, pairs, done, total, savedAt } = found;
    return html`
      <div class="unfinished" part="unfinished" role="status">
        <p>
          <strong>A run is unfinished</strong>: ${name ? `${name}, ` : ''}${pairs.toLocaleString('en')} pairs, saved
          ${agoSentence(Date.now() - savedAt)} at step ${done} of ${total}.
        </p>
        <span class="row">
          <button @click=${() => this.#resume(found)}>Go on with it</button>
          <button @click=${() => void this.#discard(cognate, found)}>Discard</button>
        </span>
      </div>
    `;
  }

  async #discard(cognate: Cognate, { key }: UnfinishedFit): Promise<void> {
    this.#found = undefined;
    this.#host.requestUpdate();
    await cognate.discardFit(key).catch(() => {});
    await this.look(cognate);
  }
}

function noted(): boolean {
  try {
    return localStorage.getItem(marker) !== null;
  } catch {
    return false; // a browser that keeps nothing
  }
}

function note(going: boolean): void {
  try {
    if (going) localStorage.setItem(marker, '1');
    else localStorage.removeItem(marker);
  } catch {
    // A browser that keeps nothing keeps no run either.
  }
}

function agoSentence(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (minutes < 1) return 'just now';
  if (minutes < 90) return format.format(-minutes, 'minute');
  return minutes < 60 * 36
    ? format.format(-Math.round(minutes / 60), 'hour')
    : format.format(-Math.round(minutes / 1440), 'day');
}
