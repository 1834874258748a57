import { css, html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { Typing } from '../../typing.ts';
import type { Brought } from './reading.ts';

export const intakeStyles = css`
  .intake {
    display: grid;
    gap: calc(1.5 * var(--_unit));
    padding: calc(2 * var(--_unit));
    border: 2px dashed var(--_line);
    border-radius: 14px;
    background: linear-gradient(90deg, var(--_warm-soft), var(--_surface) 45% 55%, var(--_cool-soft));
  }
  .intake.hovering {
    border-color: var(--_bridge);
  }
  .intake label:has(textarea) {
    display: grid;
    gap: var(--_unit);
    font-weight: 600;
  }
  .intake textarea {
    font-weight: 400;
    white-space: pre;
    overflow: auto;
    tab-size: 12;
  }
  .intake ::slotted([slot='examples']) {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--_unit);
  }
`;

/** Takes in what the visitor brings: pasted columns, files, folders. */
export class Intake {
  readonly #host: ReactiveControllerHost;
  readonly #take: (data: Brought | undefined) => void;
  readonly #typing: Typing;
  #files: readonly File[] = [];
  #text = '';
  #hovering = false;

  /**
   * @param take is handed all that was given so far: the text of the field, or every file since `clear()`; undefined
   * when that is nothing any more.
   */
  constructor(host: ReactiveControllerHost, take: (data: Brought | undefined) => void) {
    this.#host = host;
    this.#take = take;
    this.#typing = new Typing(host);
  }

  /** True while there is text in the field, which may not be all yet. */
  get typed(): boolean {
    return this.#text !== '';
  }

  /** Starts over with nothing. */
  clear(): void {
    this.#files = [];
    this.#text = '';
    this.#typing.stop();
  }

  /** Puts files to those given before: a second folder, the file of the other side, both in one drop. */
  addFiles(...given: readonly (readonly File[])[]): void {
    if (given.flat().length === 0) return;
    this.#text = '';
    for (const files of given) this.#files = [...this.#files, ...apart(files, this.#files)];
    this.#take(this.#files);
  }

  view(adding: boolean): TemplateResult {
    return html`
      <div class="intake ${this.#hovering ? 'hovering' : ''}" part="intake">
        <label>
          ${adding ? 'More pairs of the same kind' : 'Paste two columns: what belongs together, line by line'}
          <textarea
            rows="5"
            spellcheck="false"
            placeholder="dog&#9;Hund&#10;cat&#9;Katze&#10;a cup of tea&#9;eine Tasse Tee"
            .value=${this.#text}
            @input=${this.#type}
          ></textarea>
        </label>
        <div class="row">
          ${this.#picker('Choose files', false)} ${this.#picker('Choose a folder', true)}
          <span class="quiet">or drop them here</span>
        </div>
        ${
          this.#files.length > 0
            ? html`<div class="row">
                <span>${filesSentence(this.#files)}</span>
                <button class="chip" @click=${() => this.#restart()}>Start over</button>
              </div>`
            : nothing
        }
        <p class="quiet">
          Tables as CSV, TSV or JSON. Pictures with their captions, or two sets of them, as folders or zip files.
          Vectors of any model as NPY or safetensors. Nothing leaves this page.
        </p>
        <slot name="examples"></slot>
      </div>
    `;
  }

  /** Beside what was read of one file or folder: the way to bring what belongs to it. */
  moreView(): TemplateResult | typeof nothing {
    if (this.#files.length === 0 || thingsIn(this.#files) > 1) return nothing;
    return html`
      <div class="row" part="more">
        <span class="quiet">Is the other side somewhere else?</span>
        ${this.#picker('Add files', false)} ${this.#picker('Add a folder', true)}
      </div>
    `;
  }

  #picker(label: string, folder: boolean): TemplateResult {
    return html`
      <label class="pick">
        <span class="button">${label}</span>
        <span class="unseen">
          <input type="file" multiple ?webkitdirectory=${folder} @change=${this.#pick} />
        </span>
      </label>
    `;
  }

  readonly #type = (event: Event): void => {
    this.#text = (event.target as HTMLTextAreaElement).value;
    this.#files = [];
    this.#typing.wait(() => this.#take(this.#text.trim() ? this.#text : undefined));
  };

  readonly #pick = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = '';
    this.addFiles(files);
  };

  /** Shows whether something is about to be dropped. */
  hover(hovering: boolean): void {
    if (this.#hovering === hovering) return;
    this.#hovering = hovering;
    this.#host.requestUpdate();
  }

  drop({ dataTransfer }: DragEvent): void {
    this.hover(false);
    if (!dataTransfer) return;
    const text = dataTransfer.files.length === 0 ? dataTransfer.getData('text/plain') : '';
    if (text) {
      this.#text = text;
      this.#take(text);
    } else {
      void filesOf(dataTransfer).then((given) => this.addFiles(...given));
    }
  }

  #restart(): void {
    this.clear();
    this.#take(undefined);
  }
}

/** Folders and single files; loose pictures are one thing together. */
function thingsIn(files: readonly File[]): number {
  return new Set(files.map((file) => folderOf(file) || (file.type.startsWith('image/') ? '' : file.name))).size;
}

function filesSentence(files: readonly File[]): string {
  if (files.length === 1) return files[0]!.name;
  return `${files[0]!.name} and ${files.length - 1} more`;
}

/** `files`, whose folders get names of their own where `known` ones are called the same. */
function apart(files: readonly File[], known: readonly File[]): readonly File[] {
  const taken = new Set(known.map(folderOf));
  for (const file of files) {
    const folder = folderOf(file);
    if (!folder || !taken.has(folder)) continue;
    let number = 2;
    while (taken.has(`${folder} (${number})`)) number++;
    setPath(file, `${folder} (${number})${file.webkitRelativePath.slice(folder.length)}`);
  }
  return files;
}

const folderOf = ({ webkitRelativePath }: File): string => webkitRelativePath.split('/')[0]!;

function setPath(file: File, path: string): void {
  Object.defineProperty(file, 'webkitRelativePath', { value: path, configurable: true });
}

/** All files of a drop, those in folders too, with their paths; for each thing dropped, as folders may share a name. */
async function filesOf(transfer: DataTransfer): Promise<File[][]> {
  // Entries must be asked for before the event is over.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const plain = [...transfer.files];
  const found = await Promise.all(entries.flatMap((entry) => (entry ? [filesBelow(entry)] : [])));
  return found.flat().length > 0 ? found : [plain];
}

async function filesBelow(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    const path = entry.fullPath.replace(/^\//, '');
    // As a folder chosen in a dialog tells it.
    setPath(file, path.includes('/') ? path : '');
    return [file];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    // A reader gives a hundred entries at a time, then none.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const each of some) found.push(...(await filesBelow(each)));
  }
}
