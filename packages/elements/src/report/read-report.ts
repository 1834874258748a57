import { CognateError, isReport, readSafetensors, type AlignmentReport } from '@cognate/core';

/**
 * The report at an address: a JSON file, or the one in the header of an alignment file.
 * @throws {CognateError} `load-failed`, `file-format`. Aborting rejects with `signal.reason`.
 */
export async function readReport(address: URL, signal: AbortSignal): Promise<AlignmentReport> {
  const bytes = await fetchBytes(address, signal);
  const wrong = (cause?: unknown): CognateError =>
    new CognateError('file-format', `There is no report at ${address.href}.`, { cause });
  try {
    // A safetensors file begins with the length of its header, eight bytes of which the last is 0: no JSON holds one.
    const text = bytes[7] === 0 ? readSafetensors(bytes).metadata['report'] : new TextDecoder().decode(bytes);
    const report: unknown = JSON.parse(text ?? '');
    if (isReport(report)) return report;
  } catch (error) {
    throw wrong(error);
  }
  throw wrong();
}

async function fetchBytes(address: URL, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  let status = 0;
  try {
    const response = await fetch(address, { signal });
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    status = response.status;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw new CognateError('load-failed', `${address.href} cannot be read: nobody answers there.`, { cause: error });
  }
  throw new CognateError('load-failed', `There is nothing at ${address.href} (answer ${status}).`);
}
