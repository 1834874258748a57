import type { Cognate } from '@cognate/web-workers';
import { LitElement, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { onAlignment, sharedCognate } from './connection.ts';

/** What all elements have in common: where the models come from, and one shared `Cognate` for the page. */
export abstract class CognateElement extends LitElement {
  /** Folder that holds `workers/`, `ort/` and `starter/`, relative to the document. */
  @property({ attribute: 'base-url' }) baseUrl: string | undefined;

  /** Injected instead of the page's shared one. */
  @property({ attribute: false }) cognate: Cognate | undefined;

  /** The `Cognate` in use, once there is one: menus read languages and styles from it. */
  @state() protected session: Cognate | undefined;

  #stopListening: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.open().catch(() => {
      // Told when the visitor asks for something: until then nothing is missing.
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.session = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.hasUpdated && (changed.has('cognate') || changed.has('baseUrl'))) {
      this.session = undefined;
      this.alignmentChanged();
      this.open().catch(() => {});
    }
  }

  /** The `Cognate` to work with; cheap, since workers start with the first translator. */
  protected async open(): Promise<Cognate> {
    const cognate = this.cognate ?? (await sharedCognate(this.baseUrl));
    if (this.session !== cognate && this.isConnected) {
      this.#stopListening?.();
      this.#stopListening = onAlignment(cognate, () => this.alignmentChanged());
      this.session = cognate;
    }
    return cognate;
  }

  /** Translators made before do not know the alignment in use now. */
  protected abstract alignmentChanged(): void;

  /** Tells the page what the visitor reads on the element. */
  protected fail(thrown: unknown): void {
    this.send('cognate-error', { error: thrown instanceof Error ? thrown : new Error(String(thrown)) });
  }

  /** Sends a bubbling, composed event; its type comes from `HTMLElementEventMap`. */
  protected send<Name extends keyof HTMLElementEventMap>(
    name: Name,
    detail: HTMLElementEventMap[Name] extends CustomEvent<infer Detail> ? Detail : never,
  ): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
