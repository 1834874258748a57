export { cachedModelFiles, clearModelCache, type CachedFile } from './file-cache.ts';
export type { Device, DeviceWish } from './device.ts';
export type { Dtype } from './dtype.ts';
export { loadModel, type LoadOptions, type LoadParts, type Model } from './load-model.ts';
export type { ImageProcessor, Pixels } from './processor.ts';
export type { ModelReference } from './reference.ts';
export type { RunOptions, Session } from './session.ts';
export { floatTensor, type Port, type Tensor, type Tensors } from './tensor.ts';
export type { TokenBatch, Tokenizer } from './tokenizer.ts';
