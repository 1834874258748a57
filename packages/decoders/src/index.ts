export { readBank, type Bank } from './read-bank.ts';
export { retrieval, type RetrievalSettings } from './retrieval.ts';
