import { CognateError } from '@cognate/core';

/** Where a table comes from: pasted text, a file, or bytes as they arrive. A stream is read once and then spent. */
export type TextSource = string | Blob | ReadableStream<Uint8Array>;

/** Text that is being read, piece by piece. */
export interface OpenText {
  /** Label of the encoding, as `TextDecoder` names it. */
  readonly encoding: string;
  /** Bytes of a file, UTF-16 units of a text; absent for a stream. */
  readonly total?: number;
  /** As much of `total` as has been handed out. */
  readonly done: number;
  /** The next piece of at most 64 Ki units; undefined at the end. */
  next(): Promise<string | undefined>;
  /** Stops reading; the source is let go. */
  close(): Promise<void>;
}

/** A piece that is taken apart in a millisecond or two. */
const pieceLength = 65_536;

/**
 * Opens text for reading. A byte order mark tells the encoding and is dropped; without one, zeros at every other byte
 * tell UTF-16; anything else must be UTF-8 unless `encoding` says otherwise.
 * @param place tells the line that the reader has come to, for the message.
 * @throws {CognateError} `invalid-input` for an unknown encoding or a file that cannot be read; from `next()`,
 * `file-format` naming the first bytes that are not of the encoding, after all text before them has been handed out.
 */
export async function openText(
  source: TextSource,
  {
    encoding,
    signal,
    place,
  }: {
    readonly encoding?: string | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly place: () => number;
  },
): Promise<OpenText> {
  signal?.throwIfAborted();
  if (typeof source === 'string') return openString(source);
  const bytes = openBytes(source, signal);
  const first = await bytes.next();
  const label = encoding ?? encodingOf(first ?? new Uint8Array());
  const decode = decoder(label, place);
  let done = 0;
  let pending = first;
  let failed: CognateError | undefined;
  let ended = false;
  return {
    encoding: decode.encoding,
    ...(source instanceof Blob && { total: source.size }),
    get done() {
      return done;
    },
    async next() {
      if (failed) throw failed;
      while (!ended) {
        const piece = pending ?? (await bytes.next());
        pending = undefined;
        ended = piece === undefined;
        done += piece?.length ?? 0;
        const { text, error } = decode.take(piece);
        if (error) failed = error;
        if (text) return text;
        if (failed) throw failed;
      }
      return undefined;
    },
    close: () => bytes.close(),
  };
}

/** The whole of a short text. @throws {CognateError} as `openText()` and its `next()`. */
export async function readText(
  source: TextSource,
  { encoding, signal }: { readonly encoding?: string; readonly signal?: AbortSignal | undefined },
): Promise<string> {
  let read = '';
  const text = await openText(source, { encoding, signal, place: () => 1 + breaksIn(read) });
  try {
    for (let piece = await text.next(); piece !== undefined; piece = await text.next()) read += piece;
  } finally {
    await text.close();
  }
  return read;
}

/** How many line breaks there are. */
export const breaksIn = (text: string): number => text.match(/\r\n?|\n/g)?.length ?? 0;

function openString(text: string): OpenText {
  let done = text.startsWith('\ufeff') ? 1 : 0;
  return {
    encoding: 'utf-16',
    total: text.length,
    get done() {
      return done;
    },
    async next() {
      if (done >= text.length) return undefined;
      const from = done;
      done = Math.min(text.length, done + pieceLength);
      return text.slice(from, done);
    },
    async close() {},
  };
}

function openBytes(source: Blob | ReadableStream<Uint8Array>, signal: AbortSignal | undefined) {
  const reader: ReadableStreamDefaultReader<Uint8Array> = (
    source instanceof Blob ? source.stream() : source
  ).getReader();
  // A stream that never delivers would otherwise never hear of it.
  const stop = (): void => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener('abort', stop);
  let rest = new Uint8Array();
  return {
    async next(): Promise<Uint8Array | undefined> {
      while (rest.length === 0) {
        const { done, value } = await reader.read().catch((cause: unknown) => {
          signal?.throwIfAborted();
          throw new CognateError('invalid-input', 'The file cannot be read: was it moved or changed meanwhile?', {
            cause,
          });
        });
        signal?.throwIfAborted();
        if (done) return undefined;
        rest = value as Uint8Array<ArrayBuffer>;
      }
      const piece = rest.subarray(0, pieceLength);
      rest = rest.subarray(pieceLength);
      return piece;
    },
    async close(): Promise<void> {
      signal?.removeEventListener('abort', stop);
      await reader.cancel().catch(() => undefined);
    },
  };
}

/** The Unicode encoding that the first bytes speak for, by a mark or by zeros; else UTF-8. */
export function encodingOf(head: Uint8Array): string {
  const [a, b] = head;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  const looked = Math.min(head.length, 1024);
  const zeros: [number, number] = [0, 0];
  for (let i = 0; i < looked; i++) if (head[i] === 0) zeros[(i & 1) as 0 | 1]++;
  if (zeros[1] > looked / 8 && zeros[0] === 0) return 'utf-16le';
  if (zeros[0] > looked / 8 && zeros[1] === 0) return 'utf-16be';
  return 'utf-8';
}

/** Decodes strictly; on a fault, gives the text before it and an error that names line, byte and remedy. */
function decoder(label: string, place: () => number) {
  let strict: TextDecoder;
  try {
    strict = new TextDecoder(label, { fatal: true });
  } catch (cause) {
    throw new CognateError('invalid-input', `There is no encoding named ${label}`, { cause });
  }
  let offset = 0;
  /** Up to three bytes before the piece: a character may have begun there. */
  let before = new Uint8Array();
  return {
    encoding: strict.encoding,
    take(piece: Uint8Array | undefined): { text: string; error?: CognateError } {
      try {
        const text = piece ? strict.decode(piece, { stream: true }) : strict.decode();
        if (piece) {
          offset += piece.length;
          before = Uint8Array.from([...before, ...piece.subarray(-3)].slice(-3));
        }
        return { text };
      } catch {
        const bytes = piece ?? new Uint8Array();
        const lead = leadOf(strict.encoding, before, offset);
        const good = piece ? goodBytes(strict.encoding, lead, bytes) : 0;
        const text = decodeAfter(strict.encoding, lead, bytes.subarray(0, good)) ?? '';
        const line = place() + breaksIn(text);
        const found = good < bytes.length ? `byte 0x${bytes[good]!.toString(16).padStart(2, '0')}` : 'half a character';
        const remedy = strict.encoding === 'utf-8' ? ': save the file as UTF-8, or name its encoding' : '';
        const message = `The text is not ${strict.encoding.toUpperCase()}: line ${line} has ${found} at offset ${offset + good}${remedy}`;
        return { text, error: new CognateError('file-format', message) };
      }
    },
  };
}

/** How many bytes of the piece decode: found by halving, since where a beginning fails, longer ones fail too. */
function goodBytes(encoding: string, lead: Uint8Array, piece: Uint8Array): number {
  let [low, high] = [0, piece.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (decodeAfter(encoding, lead, piece.subarray(0, middle)) === undefined) high = middle - 1;
    else low = middle;
  }
  // A first byte passes until its second is found missing.
  let start = low - 1;
  while (start > 0 && encoding === 'utf-8' && (piece[start]! & 0xc0) === 0x80) start--;
  const [first = 0] = piece.subarray(Math.max(0, start));
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  return encoding === 'utf-8' && start >= 0 && low - start < length ? start : low;
}

/** Text of the bytes, which go on where `lead` ends, perhaps inside a character; undefined when they do not decode. */
function decodeAfter(encoding: string, lead: Uint8Array, bytes: Uint8Array): string | undefined {
  try {
    const decode = new TextDecoder(encoding, { fatal: true });
    decode.decode(lead, { stream: true });
    return decode.decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

/** The last bytes of what was read before, from the start of a character on. */
function leadOf(encoding: string, before: Uint8Array, offset: number): Uint8Array {
  if (encoding.startsWith('utf-16')) return before.subarray(before.length - (offset % 2));
  if (encoding !== 'utf-8') return new Uint8Array();
  const start = before.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return before.subarray(start < 0 ? before.length : start);
}
