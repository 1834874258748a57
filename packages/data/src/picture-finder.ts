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
 * may be the end of the other, but no folder may differ. Whole paths go before ends; of several pictures the one is found
 * that is named in the same capitals, else none. The number of a caption, `a.jpg#2`, is no part of a path.
 */
export function pictureFinder(pictures: readonly FolderFile[]): (name: string) => FolderFile | undefined {
  const alike = seeker(pictures, caseless);
  let same: typeof alike | undefined;
  return (name) => {
    if (name.length > longestPath) return undefined;
    const path = name
      .trim()
      .replaceAll('\\', '/')
      .replace(/^(\.?\/)+/, '')
      .replace(/(\.\w{3,4})#\d+$/, '$1');
    const found = alike(path);
    if (found !== null) return found;
    same ??= seeker(pictures, composed);
    return same(path) ?? undefined;
  };
}

/** Finds one picture, several (null) or none, where paths are the same in a form. */
function seeker(
  pictures: readonly FolderFile[],
  form: (path: string) => string,
): (path: string) => FolderFile | null | undefined {
  const whole = indexOf(pictures, (path) => [form(path)]);
  const ends = indexOf(pictures, (path) => endsOf(form(path)));
  return (path) => {
    const key = form(path);
    const found = [whole.get(key), ends.get(key), ...endsOf(key).map((end) => whole.get(end))];
    return found.find((each) => each !== undefined);
  };
}

/** Pictures by the keys of their paths without ending, and of their whole paths before those; null for several. */
function indexOf(
  pictures: readonly FolderFile[],
  keysOf: (path: string) => readonly string[],
): Map<string, FolderFile | null> {
  const found = new Map<string, FolderFile | null>();
  for (const named of [withoutEnding, (path: string) => path]) {
    const taken = new Set<string>();
    for (const picture of pictures) {
      for (const key of keysOf(named(picture.path))) {
        found.set(key, taken.has(key) ? null : picture);
        taken.add(key);
      }
    }
  }
  return found;
}

/** `a/b/c` -> `a/b/c`, `b/c`, `c`. */
function endsOf(path: string): string[] {
  const ends = [path];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) ends.push(path.slice(at + 1));
  return ends;
}
