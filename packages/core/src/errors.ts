/** What went wrong, for code that reacts; the message is for people. */
export type ErrorCode =
  /** A value given by the caller cannot be used: an empty text, a picture that does not decode, a NaN row. */
  | 'invalid-input'
  /** Counts or dimensions disagree, such as 10 source rows for 9 target rows. */
  | 'shape-mismatch'
  /** Embeddings, alignments or decoders of different spaces were mixed. */
  | 'space-mismatch'
  /** A file is not what it claims to be: truncated, of another format, of another version. */
  | 'file-format'
  /** A model file could not be fetched or turned into a session. */
  | 'load-failed'
  /** The device cannot run the model, or was lost while it ran. */
  | 'device-failed'
  /** The worker script is missing, or the worker died. */
  | 'worker-failed'
  /** The object was used after it had been released. */
  | 'disposed';

const marker = Symbol.for('cognate.error');

/**
 * The one error class. Aborting is no error of ours: it rejects with `signal.reason`.
 * `message` is a sentence that names the call, the rule and what was got.
 */
export class CognateError extends Error {
  override readonly name = 'CognateError';
  readonly code: ErrorCode;
  readonly [marker] = true;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** True for a `CognateError` of any realm or copy of this package; `instanceof` is not. */
export function isCognateError(value: unknown): value is CognateError {
  return typeof value === 'object' && value !== null && marker in value;
}

/** A value of any kind, for a message: its JSON, cut short. What is nested too deeply to be written is named by its kind. */
export function shown(value: unknown): string {
  try {
    const json = String(JSON.stringify(value));
    return json.length > 200 ? `${json.slice(0, 200)}…` : json;
  } catch {
    return typeof value;
  }
}
