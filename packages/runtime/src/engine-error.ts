import { CognateError, isCognateError, type ErrorCode } from '@cognate/core';

/** What onnxruntime's messages mean to a caller, first match wins. */
const meanings: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/no available backend|webgpuInit/i, 'device-failed', 'the engine did not start'],
  [
    /device (was |is )?lost|GPU adapter|MapAsync|external Instance|webgpu.*(lost|destroyed)|GPUDevice/i,
    'device-failed',
    'the GPU was lost',
  ],
  [
    /out of memory|bad_alloc|Array buffer allocation|Maximum call stack|memory access out of bounds|unreachable|null function/i,
    'device-failed',
    'the engine ran out of memory or crashed',
  ],
  [/does not support fp16|requires f16/i, 'device-failed', 'this GPU cannot compute with 16-bit floats'],
  [/protobuf parsing failed|INVALID_PROTOBUF/i, 'file-format', 'the graph cannot be read'],
  [
    /No Op registered|Opset \d+|Unsupported model IR|NOT_IMPLEMENTED|Could not find an implementation/i,
    'file-format',
    'the graph needs what this engine does not have',
  ],
  [
    /Missing required scale|Load model.* failed|Type Error|ShapeInferenceError|INVALID_GRAPH/i,
    'file-format',
    'the graph is invalid',
  ],
  [
    /Unexpected input data type|Invalid (rank|dimension|Feed|input)|Got invalid dimensions|out of data bounds|out of bounds|INVALID_ARGUMENT|missing/i,
    'invalid-input',
    'the input does not fit the graph',
  ],
];

/**
 * Gives an error of the engine a code and a sentence. `device-failed` says that the engine of this worker is not to be
 * trusted any more: start another worker.
 * @param doing what was going on, e.g. `loadModel() could not start owner/name on webgpu`.
 */
export function engineError(doing: string, cause: unknown, otherwise: ErrorCode): CognateError {
  if (isCognateError(cause)) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const [, code, meaning] = meanings.find(([pattern]) => pattern.test(text)) ?? [undefined, otherwise, undefined];
  const detail = text.replace(/\s+/g, ' ').slice(0, 300);
  return new CognateError(code, `${doing}: ${meaning ? `${meaning} (${detail})` : detail}`, { cause });
}
