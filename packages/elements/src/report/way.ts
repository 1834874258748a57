import { html, type TemplateResult } from 'lit';

/** From one side to the other, from left to right also where their names, or the page, are written the other way. */
export function wayView(from: string, to: string): TemplateResult {
  return html`<span dir="ltr"><bdi>${from}</bdi> → <bdi>${to}</bdi></span>`;
}
