import type { Breathe } from '../breather.ts';
import type { Embeddings } from '../embeddings.ts';
import { dotProducts } from '../similarity.ts';
import { encodeQuery, encodeRows } from './codes.ts';
import { dotKernel } from './dot-kernel.ts';

/** Dot products of one query with every row, and how wrong they may be. Valid until the estimator's next call. */
export interface Estimate {
  /** `[count]`. */
  readonly dots: Float32Array;
  /** `[count]`: row j's true dot product is within `queryLength * rowErrors[j] + rest` of `dots[j]`. */
  readonly rowErrors: Float32Array;
  readonly queryLength: number;
  readonly rest: number;
}

/** Estimates dot products with fixed rows. */
export interface Estimator {
  /** Queries taken at a time, at most. */
  readonly width: number;
  /** Bytes held beside the rows. */
  readonly bytes: number;
  /** @param queries `[1 to width, dim]`, finite. */
  estimate(queries: Float32Array): Estimate[];
}

/** The estimator that is never wrong, and slow. */
export function plainEstimator(rows: Embeddings): Estimator {
  const { dim } = rows.space;
  const rowErrors = new Float32Array(rows.count);
  return {
    width: 1,
    bytes: rowErrors.byteLength,
    estimate(query) {
      const queryLength = Math.sqrt(query.reduce((sum, x) => sum + x * x, 0));
      return [{ dots: dotProducts(query, rows.data, dim), rowErrors, queryLength, rest: 0 }];
    },
  };
}

/** Most bytes that a WebAssembly memory can have. */
const memoryLimit = 2 ** 32;
const pageBytes = 2 ** 16;

/**
 * Reads a byte a number instead of four, with SIMD.
 * @returns undefined where there is no SIMD or not enough memory.
 */
export async function codeEstimator(
  { space: { dim }, count, data }: Embeddings,
  breathe: Breathe,
  onRow?: (done: number) => void,
): Promise<Estimator | undefined> {
  const stride = 16 * Math.ceil(dim / 16);
  const height = 4 * Math.ceil(count / 4);
  const width = 4;
  const queriesAt = height * stride;
  const outAt = queriesAt + width * stride * Int16Array.BYTES_PER_ELEMENT;
  const bytes = outAt + height * width * Int32Array.BYTES_PER_ELEMENT;
  const memory = bytes < memoryLimit ? allocate(Math.ceil(bytes / pageBytes)) : undefined;
  const kernel = memory && (await dotKernel(stride, memory));
  if (!kernel) return undefined;

  const rows = await encodeRows(data, dim, new Int8Array(memory.buffer, 0, height * stride), stride, breathe, onRow);
  const { scales, errors: rowErrors, centre, reach } = rows;
  const codes = Array.from(
    { length: width },
    (_, q) => new Int16Array(memory.buffer, queriesAt + 2 * q * stride, stride),
  );
  const products = new Int32Array(memory.buffer, outAt, height * width);
  const dots = codes.map(() => new Float32Array(count));
  return {
    width,
    bytes: memory.buffer.byteLength + scales.byteLength + rowErrors.byteLength + width * dots[0]!.byteLength,
    estimate(queries) {
      const asked = queries.length / dim;
      const coded = Array.from({ length: asked }, (_, q) =>
        encodeQuery(queries.subarray(q * dim, (q + 1) * dim), centre, codes[q]!),
      );
      const spacing = asked === 1 ? 1 : width;
      if (asked === 1) kernel.one(0, queriesAt, queriesAt, outAt);
      else kernel.four(0, queriesAt, queriesAt, outAt);
      return coded.map(({ scale, length, error, base }, q) => {
        const out = dots[q]!;
        for (let j = 0; j < count; j++) out[j] = base + scale * scales[j]! * products[j * spacing + q]!;
        return { dots: out, rowErrors, queryLength: length, rest: error * reach };
      });
    },
  };
}

function allocate(pages: number): WebAssembly.Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch {
    return undefined;
  }
}
