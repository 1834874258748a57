import type { Cognate, UnfinishedFit } from '@cognate/web-workers';
import { html, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { ReportSamples } from '../report/suspects-view.ts';
import { choicesView } from './choices-view.ts';
import { gatherPairs } from './gather-pairs.ts';
import { OwnPairsForm } from './own-pairs-form.ts';
import type { Task, TaskSettings } from './task.ts';

/** What its runs are called, should they be cut short. */
const runName = 'names and pictures of the starter';

/** The way of the starter's pairs: chosen by language and style, added to, learned from. */
export class StarterFlow {
  readonly #form: OwnPairsForm;
  #samples: ReportSamples | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#form = new OwnPairsForm(host);
  }

  /** What the rows of the last run stand for, where that is known. */
  get samples(): ReportSamples | undefined {
    return this.#samples;
  }

  /** True for a run of these pairs. What its rows stand for, nobody knows after a reload. */
  recall({ name }: UnfinishedFit): boolean {
    this.#samples = undefined;
    return name === runName;
  }

  view(choices: Parameters<typeof choicesView>[0]): TemplateResult {
    return html`${choicesView(choices)} ${this.#form.view(choices.busy)}`;
  }

  /** @param chosen asked when the pairs are gathered. */
  task(
    cognate: Cognate,
    settings: TaskSettings,
    chosen: () => { readonly language: string; readonly style: string },
  ): Task {
    return {
      ...settings,
      show: true,
      forecast: false,
      name: runName,
      warm: () => 'target',
      gather: async (options) => {
        const own = await this.#form.read(options.signal);
        const pairs = await gatherPairs(cognate, { ...chosen(), ...own }, options);
        this.#samples = pairs.samples;
        return pairs;
      },
    };
  }
}
