export { generate, type GenerateOptions, type Generation } from './generate/generate.ts';
export { onnxTokenModel, type KeyValueCache } from './generate/onnx-token-model.ts';
export type { Step, TokenModel } from './generate/token-model.ts';
export { readBank, type Bank } from './read-bank.ts';
export { retrieval, type RetrievalSettings } from './retrieval.ts';
