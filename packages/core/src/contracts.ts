import type { Embeddings, Space } from './embeddings.ts';
import type { AlignmentReport } from './report.ts';

/** How far a slow call has come. `done` of `total` counts items, bytes or steps, as `phase` says. */
export type Progress =
  /** Bytes over all files of the model; `total` is absent while a server has not told a size. */
  | { readonly phase: 'download'; readonly file: string; readonly done: number; readonly total?: number }
  /** Items (texts, pictures, rows); for `report`, measurements. */
  | { readonly phase: 'prepare' | 'encode' | 'report'; readonly done: number; readonly total: number }
  /** Items; decoders that create also tell what they are at. */
  | { readonly phase: 'decode'; readonly done: number; readonly total: number; readonly partial?: PartialSample }
  /** Training steps; `loss` is the training loss in nats, `heldOut` the recall at 10 on validation pairs, 0 to 1. */
  | {
      readonly phase: 'fit';
      readonly done: number;
      readonly total: number;
      readonly loss: number;
      readonly heldOut?: number;
      /** Where the points that the caller asked to watch lie now in the shared space, told now and then. */
      readonly watched?: { readonly source: Embeddings; readonly target: Embeddings };
      /** The step that training would go on from after a reload of the page; absent while nothing is saved. */
      readonly saved?: number | undefined;
      /** Told once: what goes otherwise than it should, such as no room for checkpoints; a sentence for people. */
      readonly warning?: string | undefined;
    };

/** A sample in the making, as it would be if it ended now. */
export interface PartialSample {
  /** Row of the point that it is made of. */
  readonly index: number;
  readonly text?: string;
  /** The receiver's: never written to again. */
  readonly picture?: ImageData;
}

/** Last argument of every slow call. Aborting rejects with `signal.reason`. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A picture as it crosses threads. An `ImageBitmap` stays the caller's: it is copied, never closed. */
export type Picture = Blob | ImageBitmap | ImageData;

/** Sample -> point in the encoder's own space. */
export interface Encoder<Input> extends AsyncDisposable {
  readonly space: Space;
  /**
   * Row i belongs to `inputs[i]`; batching is inside; an empty list gives zero rows.
   * @throws {CognateError} `invalid-input` naming the first input that cannot be encoded, `disposed`.
   */
  encode(inputs: readonly Input[], options?: CallOptions): Promise<Embeddings>;
}

/** Point -> sample. */
export interface Decoder<Output> extends AsyncDisposable {
  readonly space: Space;
  /**
   * Output i belongs to row i.
   * @throws {CognateError} `space-mismatch` when the points are not of `space`, `disposed`.
   */
  decode(points: Embeddings, options?: CallOptions): Promise<readonly Output[]>;
}

/** One answer of a decoder that finds what exists. Answers come best first. */
export interface Candidate<Item> {
  readonly item: Item;
  /** Position in the bank. */
  readonly index: number;
  /** CSLS score: comparable within one answer list, not between banks. */
  readonly score: number;
  /** Estimated probability, 0 to 1, that this answer is right; absent when nothing was held out to estimate it. */
  readonly trust?: number;
}

/**
 * A fitted correspondence of two spaces. Both sides are projected into `shared`, where cosine similarity is
 * meaningful and retrieval happens; from there linear maps lead back into either space, where decoders live.
 * Plain data behind functions: no device memory, nothing to release.
 */
export interface Alignment {
  readonly source: Space;
  readonly target: Space;
  /** The space where both sides meet; normalized. */
  readonly shared: Space;
  /**
   * Points of `source` or of `target` -> `shared`, unit rows.
   * @throws {CognateError} `space-mismatch`; as the next two: `invalid-input` for NaN or infinity, `shape-mismatch` for missing numbers.
   */
  project(points: Embeddings): Embeddings;
  /** Points of `source` -> nearest idea of them in `target`. @throws {CognateError} `space-mismatch`. */
  forward(points: Embeddings): Embeddings;
  /** Points of `target` -> nearest idea of them in `source`. @throws {CognateError} `space-mismatch`. */
  backward(points: Embeddings): Embeddings;
  /**
   * Some rows of either side as they fell in `shared` when it was fitted, at most 512 a side. CSLS measures with them how
   * crowded a candidate's neighbourhood is on the query's side, so that a query is judged by itself:
   * `neighbourhood(bank, anchors.source)` for queries that come from `source`.
   */
  readonly anchors: { readonly source: Embeddings; readonly target: Embeddings };
  /** How it was fitted and how far it can be trusted. */
  readonly report: AlignmentReport;
  /** One safetensors file: matrices as tensors; spaces, method, means and report in the header. */
  save(): Uint8Array<ArrayBuffer>;
}
