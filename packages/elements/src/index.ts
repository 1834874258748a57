export * from './align/cognate-align.ts';
export * from './caption/cognate-caption.ts';
export * from './connection.ts';
export * from './events.ts';
export * from './imagine/cognate-imagine.ts';
export * from './read-picture.ts';
export * from './report/cognate-report.ts';
export type { ReportSamples, Sample } from './report/suspects-view.ts';
export * from './translate/cognate-translate.ts';
