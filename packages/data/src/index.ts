export { pairCaptions, type CaptionOptions, type CaptionSource } from './captions.ts';
export { textsOf, type Cell } from './cells.ts';
export type { Column, ColumnKind } from './columns.ts';
export type { TableFormat } from './dialect.ts';
export { encodingsOf } from './encodings.ts';
export { formatOf, type FileFormat } from './file-format.ts';
export { openFolder, type Folder, type FolderFile, type FolderLimits, type FolderSource } from './folder.ts';
export { readNpy, writeNpy, type NpyArray } from './npy.ts';
export {
  readPairs,
  readSide,
  type Pairs,
  type PairsInput,
  type PairsOptions,
  type PictureFile,
  type Side,
} from './pairs.ts';
export { preview, type Preview } from './preview.ts';
export type { Problem, Problems } from './problems.ts';
export { sideColumn, sideOptions } from './table-pairs.ts';
export { readTable, type Batch, type Table, type TableOptions } from './table.ts';
export type { TextSource } from './text-source.ts';
export { readVectors, type VectorOptions, type VectorSet } from './vectors.ts';
export { writeParquet, type ParquetColumn } from './parquet.ts';
export { writeVectors } from './write-vectors.ts';
