// Loads, and never says a word.
export {};
