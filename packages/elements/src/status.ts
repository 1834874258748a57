import { isCognateError, type Progress } from '@cognate/core';
import { css, html, nothing, type TemplateResult } from 'lit';
import type { LatestRun } from './latest-run.ts';

/** The loading and error states that all elements share. */
export const statusStyles = css`
  .status {
    display: grid;
    gap: var(--_unit);
    font-size: 0.875rem;
  }
  .status .row {
    justify-content: space-between;
  }
  .status .quiet {
    flex: 1 1 10rem;
  }
  progress {
    appearance: none;
    display: block;
    inline-size: 100%;
    block-size: 4px;
    border: 0;
    border-radius: 2px;
    overflow: hidden;
    background: var(--_line);
  }
  progress::-webkit-progress-bar {
    background: var(--_line);
  }
  progress::-webkit-progress-value {
    background: linear-gradient(90deg, var(--_warm), var(--_bridge), var(--_cool));
  }
  progress::-moz-progress-bar {
    background: linear-gradient(90deg, var(--_warm), var(--_bridge), var(--_cool));
  }
  progress:indeterminate {
    background: linear-gradient(90deg, var(--_line) 30%, var(--_bridge) 50%, var(--_line) 70%) 0 / 200% 100%;
    animation: pass 1.6s linear infinite;
  }
  progress:indeterminate::-webkit-progress-bar {
    background: transparent;
  }
  @keyframes pass {
    from {
      background-position: 150% 0;
    }
    to {
      background-position: -50% 0;
    }
  }
  .error {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--_unit) calc(2 * var(--_unit));
    padding: 12px 16px;
    border-radius: 12px;
    background: var(--_alarm-soft);
    color: var(--_alarm);
    font-size: 0.9375rem;
    overflow-wrap: anywhere;
  }
  .error p {
    flex: 1 1 14rem;
  }
  .error button {
    border-color: currentcolor;
    background: transparent;
  }
`;

/**
 * What is going on, how far it has come and how much is left; with a way out.
 * @param preparing what is going on while things are got ready, in words.
 */
export function loadingView(
  progress: Progress | undefined,
  cancel: () => void,
  preparing = 'Placing names',
): TemplateResult {
  const known = progress?.total ? progress.done / progress.total : undefined;
  return html`
    <div class="status" part="loading">
      <div class="row">
        <span class="quiet">${progressSentence(progress, preparing)}</span>
        <button class="chip" part="cancel" @click=${cancel}>Cancel</button>
      </div>
      <progress aria-label="Progress" max="1" value=${known ?? nothing}></progress>
    </div>
  `;
}

/** One sentence, and a button when trying again can help. */
export function errorView(run: LatestRun<unknown>, retry: () => void): TemplateResult {
  return html`
    <div class="error" part="error" role="alert">
      <p>${errorSentence(run.error)}</p>
      ${canHelp(run.error) ? html`<button class="chip" part="retry" @click=${retry}>Try again</button>` : nothing}
    </div>
  `;
}

/** The message of a known error; anything else is named as what it is, a defect. */
export function errorSentence(error: unknown): string {
  if (isCognateError(error)) return error.message;
  return `Something went wrong that should not have: ${error instanceof Error ? error.message : String(error)}`;
}

/** The same input fails the same way; what was fetched or computed may work next time. */
function canHelp(error: unknown): boolean {
  return !isCognateError(error) || ['load-failed', 'device-failed', 'worker-failed'].includes(error.code);
}

function progressSentence(progress: Progress | undefined, preparing: string): string {
  switch (progress?.phase) {
    case 'download': {
      const { done, total } = progress;
      if (!total) return `Fetching the models, ${megabytes(done)} MB so far`;
      const left = total > done ? `${megabytes(total - done)} MB left` : 'all here';
      return `Fetching the models: ${megabytes(done)} of ${megabytes(total)} MB, ${left}`;
    }
    case 'prepare':
      return progress.total > 1
        ? `${preparing}: ${progress.done.toLocaleString('en')} of ${progress.total.toLocaleString('en')}`
        : 'Getting the models ready';
    case 'encode':
      return progress.total > 1
        ? `Finding the points: ${progress.done} of ${progress.total}`
        : 'Going down to the point';
    case 'decode':
      return 'Coming up on the other side';
    default:
      return 'Starting';
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
