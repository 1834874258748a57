import { css, html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { LatestRun } from '../latest-run.ts';
import { saveFile } from '../save-file.ts';
import { errorView, loadingView } from '../status.ts';
import type { Cognate } from '@cognate/web-workers';
import type { Fitted } from './own/translator-box.ts';

export const saveStyles = css`
  .save {
    display: grid;
    gap: var(--_unit);
  }
  .save h2 {
    font-weight: 700;
    font-size: 1.0625rem;
  }
`;

/** Everything that a visitor can take home: the alignment, and their own rows as it places them. */
export class SaveMenu {
  readonly #run: LatestRun<void>;
  readonly #open: () => Promise<Cognate>;

  constructor(host: ReactiveControllerHost, open: () => Promise<Cognate>, onFailure: (error: unknown) => void) {
    this.#run = new LatestRun<void>(host, onFailure);
    this.#open = open;
  }

  /** @param fitted the visitor's own rows, where there are such. */
  view(alignment: Uint8Array<ArrayBuffer>, fitted: Fitted | undefined): TemplateResult {
    const run = this.#run;
    return html`
      <section class="save" part="save">
        <h2>Take it with you</h2>
        <div class="row">
          <button @click=${() => saveFile('alignment.safetensors', alignment)}>Save the alignment</button>
          <button class="chip" aria-label="Save the alignment as ONNX" @click=${() => this.#onnx(alignment)}>
            as ONNX
          </button>
          ${
            fitted
              ? html`
                  <span class="quiet">your rows in the shared space, as</span>
                  ${(['npy', 'parquet', 'safetensors'] as const).map(
                    (format) =>
                      html`<button
                        class="chip"
                        aria-label=${`Save your rows in the shared space as ${formats[format]}`}
                        @click=${() => this.#rows(fitted, format)}
                      >
                        ${formats[format]}
                      </button>`,
                  )}
                `
              : nothing
          }
        </div>
        ${run.status === 'running' && run.slow ? loadingView(run.progress, () => run.cancel()) : nothing}
        ${run.status === 'failed' ? errorView(run, () => void run.retry()) : nothing}
      </section>
    `;
  }

  #onnx(alignment: Uint8Array<ArrayBuffer>): void {
    void this.#run.start(async (options) => {
      const cognate = await this.#open();
      // A file for each side: from its points to the shared space.
      for (const from of ['source', 'target'] as const) {
        saveFile(`from-${from}.onnx`, await cognate.exportOnnx(alignment, { ...options, from }));
      }
    });
  }

  #rows(fitted: Fitted, format: keyof typeof formats): void {
    void this.#run.start(async (options) => {
      const { writeRows } = await import('./own/write-rows.ts');
      for (const { name, bytes } of await writeRows(fitted, format, options)) saveFile(name, bytes);
    });
  }
}

const formats = { npy: 'NPY', parquet: 'Parquet', safetensors: 'safetensors' } as const;
