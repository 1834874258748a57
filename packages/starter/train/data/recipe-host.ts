/** What the page that runs a recipe offers it. */
export interface RecipeHost {
  /** Prints a line in the terminal. */
  log(line: string): void;
  /** A file of the recipe's own folder under `.cache`; undefined where absent. */
  load(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  save(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Writes a file of the repository, such as a trained model; `path` is relative to its root. */
  publish(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}
