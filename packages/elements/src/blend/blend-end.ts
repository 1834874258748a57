import type { CallOptions, Embeddings } from '@cognate/core';
import type { Cognate } from '@cognate/web-workers';
import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { pictureIn, type ReadPicture } from '../read-picture.ts';

/** What is mixed: a word, or a picture. */
export type End = string | ReadPicture;

/** An end for people. */
export function endName(end: End): string {
  return typeof end === 'string' ? end.trim() : end.name || 'the picture';
}

/** The point of each end, both in one space: that of words where both are words, that of pictures otherwise. */
export async function pointsOf(
  cognate: Cognate,
  ends: readonly [End, End],
  options: CallOptions,
): Promise<readonly [Embeddings, Embeddings]> {
  const words = ends.every((end) => typeof end === 'string');
  const [a, b] = await Promise.all(
    ends.map(async (end) => {
      if (typeof end !== 'string') return (await cognate.encoder('image', options)).encode([end.bitmap], options);
      const point = await (await cognate.encoder('text', options)).encode([end.trim()], options);
      return words ? point : cognate.forward(undefined, point, options);
    }),
  );
  return [a!, b!];
}

/** A field for a word that takes a picture, too: chosen, or dropped on it. */
export function endView(view: {
  readonly end: End;
  readonly label: string;
  readonly onWord: (word: string) => void;
  readonly onPicture: (source: Blob | string) => void;
}): TemplateResult {
  const { end } = view;
  const drop = (event: DragEvent): void => {
    const source = event.dataTransfer && pictureIn(event.dataTransfer);
    if (!source) return;
    event.preventDefault();
    view.onPicture(source);
  };
  const pick = ({ target }: Event): void => {
    const input = target as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = '';
    if (file) view.onPicture(file);
  };
  return html`
    <div
      class="end"
      part="end"
      role="group"
      aria-label=${view.label}
      @dragover=${(event: Event) => event.preventDefault()}
      @drop=${drop}
    >
      ${
        typeof end === 'string'
          ? html`<input
              class="word"
              type="text"
              dir="auto"
              autocomplete="off"
              spellcheck="false"
              maxlength="200"
              aria-label="${view.label}: a word"
              placeholder="A word"
              .value=${live(end)}
              @input=${({ target }: Event) => view.onWord((target as HTMLInputElement).value)}
            />`
          : html`<span class="print">
              <img src=${end.url} alt=${end.name || 'The picture you gave'} />
              <button class="chip" @click=${() => view.onWord('')}>A word instead</button>
            </span>`
      }
      <label class="pick">
        <span class="button chip">${typeof end === 'string' ? 'or a picture' : 'Another'}</span>
        <span class="unseen"
          ><input type="file" accept="image/*" aria-label="${view.label}: a picture" @change=${pick}
        /></span>
      </label>
    </div>
  `;
}
