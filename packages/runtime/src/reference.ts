import { CognateError } from '@cognate/core';
import { fileSuffix, type Dtype } from './dtype.ts';
import type { Device, DeviceWish } from './device.ts';

/** Which model, and from where. Plain data: crosses postMessage unchanged. */
export interface ModelReference {
  /** `owner/name`. Without a host it is a starter model, which the page's own origin serves. */
  readonly model: string;
  /**
   * Who serves it, named by the page: `https://huggingface.co/`, a mirror with the hub's paths
   * (`<host>/<model>/resolve/<revision>/<file>`), or a template such as `https://files.example/{model}/{revision}/`.
   */
  readonly host?: string | undefined;
  /** Branch, tag or commit; `main` unless told. */
  readonly revision?: string | undefined;
  /** The graph inside `onnx/`, without dtype suffix and `.onnx`; `model` unless told. */
  readonly file?: string | undefined;
  /** Which stored variant, for every device or for each; unless told, what the repository's config asks for, or else what suits the device. */
  readonly dtype?: Dtype | Readonly<Record<Device, Dtype>> | undefined;
  readonly device?: DeviceWish | undefined;
  /** Expected SHA-256 in hex by file name, such as `onnx/model.onnx`. */
  readonly sha256?: Readonly<Record<string, string>> | undefined;
}

const modelName = /^(?!.*(\.\.|--))([\w-][\w.-]*\/)?[\w-][\w.-]{0,95}$/;

/**
 * @param call named in the message, e.g. `loadModel()`.
 * @param hosts origins that may be named; any when absent.
 * @throws {CognateError} `invalid-input` when the reference names no usable model or host.
 */
export function checkReference(call: string, reference: ModelReference, hosts?: readonly string[]): void {
  const { model, host } = reference;
  if (typeof model !== 'string' || !modelName.test(model)) {
    throw new CognateError('invalid-input', `${call} needs a model such as "owner/name", got ${JSON.stringify(model)}`);
  }
  if (host === undefined) return;
  let url: URL | undefined;
  try {
    url = new URL(host, globalThis.location?.href);
  } catch {
    // Reported below, together with schemes that are no web address.
  }
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new CognateError('invalid-input', `${call} needs a host such as "https://huggingface.co/", got "${host}"`);
  }
  const allowed = hosts?.map((each) => new URL(each, globalThis.location?.href).origin);
  if (allowed && !allowed.includes(url.origin) && url.origin !== globalThis.location?.origin) {
    throw new CognateError(
      'load-failed',
      `${call} may load from ${[...allowed, 'the page itself'].join(', ')}; the page did not name ${url.host}`,
    );
  }
}

/** The address of one file of the repository. @param baseUrl the folder that holds `starter/`. */
export function fileUrl(reference: ModelReference, file: string, baseUrl: string | URL): string {
  const { model, host, revision = 'main' } = reference;
  const path = file.split('/').map(encodeURIComponent).join('/');
  if (host === undefined) return new URL(`starter/models/${model}/${path}`, baseUrl).href;
  const root = new URL(host, globalThis.location?.href).href;
  // Braces are percent-encoded by the URL parser.
  const template = decodeURI(root).replace(/\/*$/, '/');
  const folder = /\{model\}/.test(template)
    ? template.replaceAll('{model}', model).replaceAll('{revision}', encodeURIComponent(revision))
    : `${template}${model}/resolve/${encodeURIComponent(revision)}/`;
  return folder + path;
}

/** Path of the graph inside the repository. */
export function graphFile(reference: ModelReference, dtype: Dtype): string {
  return `onnx/${reference.file ?? 'model'}${fileSuffix[dtype]}.onnx`;
}
