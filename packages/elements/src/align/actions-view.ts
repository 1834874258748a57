import { html, nothing, type TemplateResult } from 'lit';

/** What can be done with an alignment, besides saving it. */
export function actionsView(view: {
  readonly busy: boolean;
  /** True when there is one that the page's elements can translate by. */
  readonly usable: boolean;
  readonly used: boolean;
  /** True when a saved one may be loaded instead. */
  readonly loadable: boolean;
  readonly use: () => void;
  readonly useStarter: () => void;
  readonly load: (file: Blob) => void;
}): TemplateResult {
  const pick = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = '';
    if (file) view.load(file);
  };
  return html`
    <div class="row actions" ?hidden=${!view.loadable && !view.usable}>
      ${
        view.usable
          ? html`
              <button class="primary" ?disabled=${view.used} @click=${view.use}>
                ${view.used ? 'In use on this page' : 'Use it on this page'}
              </button>
            `
          : nothing
      }
      ${view.used ? html`<button @click=${view.useStarter}>Back to the starter’s own</button>` : nothing}
      ${
        view.loadable
          ? html`<label class="pick">
              <span class="button">Load a saved one</span>
              <span class="unseen">
                <input type="file" accept=".safetensors" ?disabled=${view.busy} @change=${pick} />
              </span>
            </label>`
          : nothing
      }
    </div>
  `;
}
