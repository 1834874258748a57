export {
  captioner,
  type Captioner,
  type CaptionerSettings,
  type CaptionOptions,
  type WrittenText,
} from './caption/captioner.ts';
export { captionConsensus, captionOrigins, captionSharpness } from './caption/caption-consensus.ts';
export { loadCaptioner } from './caption/load-captioner.ts';
export { unitPoints } from './check-points.ts';
export { cycleTrust, fitCycleTrust, type CycleCalibration } from './cycle-trust.ts';
export {
  generate,
  generateRows,
  type GenerateOptions,
  type GenerateRowsOptions,
  type Generation,
} from './generate/generate.ts';
export { onnxTokenModel, type KeyValueCache } from './generate/onnx-token-model.ts';
export type { Step, TokenModel } from './generate/token-model.ts';
export {
  decodeHybrid,
  type Consensus,
  type HybridOptions,
  type HybridSettings,
  type Made,
  type Origin,
} from './hybrid/decode-hybrid.ts';
export { byConsensus, type Voice } from './hybrid/consensus.ts';
export { rankByCycle, type Cycle, type Ranked } from './hybrid/rank-by-cycle.ts';
export { textLikeness } from './hybrid/text-likeness.ts';
export { memory, type Memory, type MemorySettings, type Neighbour } from './memory.ts';
export { loadPainter } from './painter/load-painter.ts';
export { painter, type Painter, type PainterSettings, type PaintOptions } from './painter/painter.ts';
export { readBank, type Bank } from './read-bank.ts';
export { retrieval, type RetrievalSettings } from './retrieval.ts';
