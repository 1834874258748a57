import type { FolderFile } from './folder.ts';

/** A longer name is no path: an address that holds the picture itself, say. */
const longestPath = 4096;

/** macOS takes accents off their letters in names; tables hardly ever do. */
const composed = (path: string): string => path.normalize('NFC');
const caseless = (path: string): string => composed(path).toLowerCase();
const withoutEnding = (path: string): string => path.replace(/\.[^./]+$/, '');

/** Path without the ending, in lower case: what belongs together has the same. */
export const stemOf = (path: string): string => caseless(withoutEnding(path));

/** Finds the file that is named like another up to the ending: letters as they are before capitals for small ones. */
export function partnerFinder(files: readonly FolderFile[]): (path: string) => FolderFile | undefined {
  const same = new Map(files.map((file) => [composed(withoutEnding(file.path)), file]));
  const alike = new Map(files.map((file) => [stemOf(file.path), file]));
  return (path) => same.get(composed(withoutEnding(path))) ?? alike.get(stemOf(path));
}

/**
 * Finds a picture by its path, with or without ending. Tables lie above or below the pictures that they name, so one path
 * may be the end of the other, but no folder may differ. Whole paths go before ends, and letters as they are before
 * capitals for small ones; where several pictures are left, none is found.
 */
export function pictureFinder(pictures: readonly FolderFile[]): (name: string) => FolderFile | undefined {
  const indexes = [composed, caseless].map((form) => ({
    form,
    whole: indexOf(pictures, (path) => [form(path)]),
    ends: indexOf(pictures, (path) => endsOf(form(path))),
  }));
  return (name) => {
    if (name.length > longestPath) return undefined;
    const path = name
      .trim()
      .replaceAll('\\', '/')
      .replace(/^(\.?\/)+/, '');
    for (const { form, whole, ends } of indexes) {
      const key = form(path);
      const found = [whole.get(key), ends.get(key), ...endsOf(key).map((end) => whole.get(end))];
      const first = found.find((each) => each !== undefined);
      if (first !== undefined) return first ?? undefined;
    }
    return undefined;
  };
}

/** Pictures by the keys of their paths without ending, and of their whole paths before those; null for several. */
function indexOf(
  pictures: readonly FolderFile[],
  keysOf: (path: string) => readonly string[],
): Map<string, FolderFile | null> {
  const named = (nameOf: (path: string) => string): Map<string, FolderFile | null> => {
    const found = new Map<string, FolderFile | null>();
    for (const picture of pictures) {
      for (const key of keysOf(nameOf(picture.path))) found.set(key, found.has(key) ? null : picture);
    }
    return found;
  };
  return new Map([...named(withoutEnding), ...named((path) => path)]);
}

/** `a/b/c` -> `a/b/c`, `b/c`, `c`. */
function endsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, i) => parts.slice(i).join('/'));
}
