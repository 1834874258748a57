export { loadImageEncoder, type ImageEncoderSpec } from './load-image-encoder.ts';
export { preprocess, type PreprocessOptions } from './preprocess.ts';
export { readPicture } from './read-picture.ts';
export { imageModels, type ImageFamilyName, type ImageModelCard } from './registry.ts';
