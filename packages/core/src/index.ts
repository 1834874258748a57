export * from './contracts.ts';
export * from './csls.ts';
export * from './embeddings.ts';
export * from './errors.ts';
export * from './random.ts';
export * from './similarity.ts';
export * from './translator.ts';
export * from './yield-task.ts';
