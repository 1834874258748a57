import { CognateError, type CallOptions } from '@cognate/core';
import { breather } from './breathe.ts';
import { readCaption } from './caption-file.ts';
import { asPicture, picturesOf } from './captions.ts';
import type { Folder, FolderFile } from './folder.ts';
import type { Pairs, Side } from './pairs.ts';
import { stemOf } from './picture-finder.ts';
import { problemList, type ProblemList } from './problems.ts';

/**
 * Pairs the files of two folders whose paths are the same up to the ending: pictures, or texts where a folder holds no
 * pictures. Files without a partner, and texts that are empty or cannot be read, are named among the problems.
 * @throws {CognateError} `invalid-input` when a folder holds neither, or no two files belong together.
 */
export async function pairByStem(
  a: Folder,
  b: Folder,
  options: CallOptions & { readonly encoding?: string } = {},
): Promise<Pairs> {
  const problems = problemList();
  const [first, second] = [usableOf(a), usableOf(b)] as const;
  const partners = byStem(second.files, b, problems.add);
  const pairs: [FolderFile, FolderFile][] = [];
  for (const [stem, file] of byStem(first.files, a, problems.add)) {
    const partner = partners.get(stem);
    partners.delete(stem);
    if (partner) pairs.push([file, partner]);
    else problems.add({ file: `${a.name}/${file.path}`, reason: `nothing in ${b.name} is named like it` });
  }
  for (const file of partners.values()) {
    problems.add({ file: `${b.name}/${file.path}`, reason: `nothing in ${a.name} is named like it` });
  }
  const breathe = breather(options.signal);
  const texts = new Map<FolderFile, string>();
  const isUsable = async (file: FolderFile, { name }: Folder, kind: 'pictures' | 'texts'): Promise<boolean> => {
    await breathe();
    if (kind === 'pictures') return true;
    const { text, fault } = await readCaption(file, options);
    if (fault === undefined) texts.set(file, text);
    else problems.add({ file: `${name}/${file.path}`, reason: `it ${fault}` });
    return fault === undefined;
  };
  const source: FolderFile[] = [];
  const target: FolderFile[] = [];
  for (const [file, partner] of pairs) {
    if (!(await isUsable(file, a, first.kind)) || !(await isUsable(partner, b, second.kind))) continue;
    source.push(file);
    target.push(partner);
  }
  if (source.length === 0) {
    const [example] = problems.listed;
    const hint = example ? `, such as ${example.file}: ${example.reason}` : '';
    throw new CognateError('invalid-input', `No file of ${a.name} makes a pair with one of ${b.name}${hint}`);
  }
  problems.addAll(a.problems);
  problems.addAll(b.problems);
  const side = (name: string, kind: 'pictures' | 'texts', files: readonly FolderFile[]): Side =>
    kind === 'pictures'
      ? { kind, name, items: files.map(asPicture) }
      : { kind, name, items: files.map((file) => texts.get(file)!) };
  return {
    source: side(a.name, first.kind, source),
    target: side(b.name, second.kind, target),
    count: source.length,
    problems,
  };
}

/** The two folders that lie in one, when all pictures lie in them and at least half of the names agree. */
export function twoFoldersIn(folder: Folder): readonly [Folder, Folder] | undefined {
  const { pictures, others } = picturesOf(folder);
  const texts = others.filter(({ path }) => /\.txt$/i.test(path));
  const used = [...pictures, ...texts];
  const tops = [...new Set(used.map(({ path }) => path.slice(0, path.indexOf('/') + 1)))];
  if (tops.length !== 2 || tops.includes('') || others.length > texts.length) return undefined;
  const below = (top: string): Folder => ({
    name: top.slice(0, -1),
    files: used.flatMap(({ path, blob }) => (path.startsWith(top) ? { path: path.slice(top.length), blob } : [])),
    problems: top === tops[0] ? folder.problems : problemList(),
  });
  const [a, b] = [below(tops[0]!), below(tops[1]!)];
  const stems = new Set(a.files.map(({ path }) => stemOf(path)));
  const shared = b.files.filter(({ path }) => stems.has(stemOf(path))).length;
  if (shared < Math.min(a.files.length, b.files.length) / 2) return undefined;
  return [a, b];
}

function usableOf(folder: Folder): { kind: 'pictures' | 'texts'; files: readonly FolderFile[] } {
  const { pictures, others } = picturesOf(folder);
  if (pictures.length > 0) return { kind: 'pictures', files: pictures };
  const texts = others.filter(({ path }) => /\.txt$/i.test(path));
  if (texts.length > 0) return { kind: 'texts', files: texts };
  throw new CognateError('invalid-input', `${folder.name} holds no pictures and no text files`);
}

function byStem(files: readonly FolderFile[], folder: Folder, report: ProblemList['add']): Map<string, FolderFile> {
  const found = new Map<string, FolderFile>();
  for (const file of files) {
    const stem = stemOf(file.path);
    const earlier = found.get(stem);
    if (earlier) report({ file: `${folder.name}/${file.path}`, reason: `${earlier.path} has the same name` });
    else found.set(stem, file);
  }
  return found;
}
