export { loadTextEncoder, type TextEncoderSpec } from './load-text-encoder.ts';
export { textModels, type TextFamilyName, type TextModelCard } from './registry.ts';
