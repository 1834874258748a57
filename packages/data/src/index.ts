export type { Cell } from './cells.ts';
export type { Column, ColumnKind } from './columns.ts';
export type { TableFormat } from './dialect.ts';
export { preview, type Preview } from './preview.ts';
export type { Problem, Problems } from './problems.ts';
export { readTable, type Batch, type Table, type TableOptions } from './table.ts';
export type { TextSource } from './text-source.ts';
