import type { AlignmentReport } from '@cognate/core';
import { html, nothing, type TemplateResult } from 'lit';
import type { LatestRun } from '../latest-run.ts';
import { loadingView } from '../status.ts';
import type { Training } from './training.ts';

/** What is going on, how far it has come, and the ways to stop it. */
export function progressView(training: Training, run: LatestRun<unknown>): TemplateResult {
  if (!training.stage || training.gathering) {
    return run.slow ? loadingView(run.progress, () => run.cancel(), training.preparing) : html``;
  }
  const { paused } = training;
  const quiet = training.quiet && !paused;
  const { looks, total } = training.shown;
  const step = looks.at(-1)?.step;
  const known = quiet || step === undefined ? undefined : step / total;
  // Without a value the bar moves to and fro, which that of a paused run must not.
  const done = known ?? (paused ? 0 : nothing);
  return html`
    <div class="status" part="loading">
      <div class="row">
        <span class="quiet">${paused ? 'Paused' : stageSentence(training, step)}${savedSentence(training)}</span>
        <span class="row">
          <button class="chip" @click=${() => (paused ? training.resume() : training.pause())}>
            ${paused ? 'Go on' : 'Pause'}
          </button>
          <button class="chip" part="cancel" @click=${() => run.cancel()}>Cancel</button>
        </span>
      </div>
      <progress aria-label="Training" max="1" value=${done}></progress>
    </div>
  `;
}

/** What the picture of the two spaces shows, for those who do not see it. */
export function sceneSentence(
  stage: string,
  report: AlignmentReport | undefined,
  drawn: boolean,
  { left, right }: { readonly left: string; readonly right: string },
): string {
  if (!drawn) return 'Two spaces, not yet joined';
  if (report) return `The two spaces in one: ${left} and ${right} that belong together are joined by lines`;
  return stage ? `The two spaces while the aligner learns: ${stage}` : 'The two spaces side by side';
}

function stageSentence({ stage, shown, secondsLeft, tried, quiet }: Training, step: number | undefined): string {
  if (quiet && (step !== undefined || tried?.done === tried?.total)) return 'Measuring how far to trust it';
  if (step === undefined) {
    if (!tried || tried.total < 2) return stage;
    return `${stage}: method ${Math.min(tried.done + 1, tried.total)} of ${tried.total}`;
  }
  const left = secondsLeft === undefined ? '' : `, about ${Math.max(1, Math.round(secondsLeft))} s left`;
  return `${stage}: step ${step} of ${shown.total}${left}`;
}

function savedSentence({ saved }: Training): string {
  return saved === undefined ? '' : `. Safe to close: step ${saved} is kept`;
}
