// Array functions for a model's own layers, so that nobody else imports jax-js.
export { jit, lax, nn as activations, numpy as np } from '@jax-js/jax';
export * from './adamw.ts';
export * from './batches.ts';
export * from './checkpoint.ts';
export * from './compile.ts';
export * from './embedding-table.ts';
export * from './engine.ts';
export * from './image-layers.ts';
export * from './layers.ts';
export * from './losses.ts';
export * from './schedule.ts';
export * from './trainer.ts';
export * from './tree.ts';
export * from './onnx/export-onnx.ts';
export * from './onnx/graph.ts';
export * from './onnx/trace.ts';
export * from './onnx/weights.ts';
