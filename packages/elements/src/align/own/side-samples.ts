import type { Sample } from '../../report/suspects-view.ts';
import { countOf, labelOf, type Side } from './side.ts';

/** Shows rows of a side. Pictures are read when they are first asked for, and come a little later. */
export class SideSamples {
  readonly #side: Side;
  readonly #ready: () => void;
  readonly #urls = new Map<number, string>();
  #open = true;

  /** @param ready is called when a picture that was asked for can be shown. */
  constructor(side: Side, ready: () => void) {
    this.#side = side;
    this.#ready = ready;
  }

  at(row: number): Sample | undefined {
    const side = this.#side;
    if (row >= countOf(side)) return undefined;
    const name = labelOf(side, row);
    const file = side.kind === 'picture' ? side.pictures[row] : undefined;
    if (!file) return name;
    const url = this.#urls.get(row);
    if (url) return { url, name };
    if (url === undefined) void this.#read(row, file.blob());
    return name;
  }

  /** Lets go of the pictures on show. */
  clear(): void {
    this.#open = false;
    for (const url of this.#urls.values()) URL.revokeObjectURL(url);
    this.#urls.clear();
  }

  async #read(row: number, reading: Promise<Blob>): Promise<void> {
    this.#urls.set(row, '');
    // A picture that cannot be read has been told about where it was encoded.
    const blob = await reading.catch(() => undefined);
    if (!blob || !this.#open) return;
    this.#urls.set(
      row,
      URL.createObjectURL(typed(blob, this.#side.kind === 'picture' ? this.#side.pictures[row]!.name : '')),
    );
    this.#ready();
  }
}

/** Drawings are only shown as what they are called. */
function typed(blob: Blob, name: string): Blob {
  return !blob.type && name.toLowerCase().endsWith('.svg') ? new Blob([blob], { type: 'image/svg+xml' }) : blob;
}
