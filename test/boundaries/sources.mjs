import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

export const root = resolve(import.meta.dirname ?? '.', '../..');

/**
 * @typedef {object} Import
 * @property {string} name what stands in the quotes.
 * @property {boolean} typeOnly nothing of it is left when the code runs.
 * @property {string | undefined} file path from the root where it leads, for a file of this repository.
 */
/**
 * @typedef {object} Source
 * @property {string} path from the root, with forward slashes.
 * @property {string} room first folders that own it: `packages/core`, `web-workers`, `demos`.
 * @property {boolean} isTest
 * @property {string} text
 * @property {string} code text without comments.
 * @property {readonly Import[]} imports
 */

const skipped = new Set(['node_modules', 'dist', '.cache', 'models', 'banks', 'alignments']);

/** Files below `folder` whose names end in one of `endings`, as paths from the root. */
export function* filesBelow(folder, endings) {
  if (!existsSync(join(root, folder))) return;
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !skipped.has(entry.name)) yield* filesBelow(path, endings);
    else if (entry.isFile() && endings.some((ending) => entry.name.endsWith(ending))) yield path;
  }
}

/** All TypeScript of the product: packages, workers and demos. @returns {Source[]} */
export function readSources() {
  return ['packages', 'web-workers', 'demos'].flatMap((folder) => [...filesBelow(folder, ['.ts'])].map(readSource));
}

/** @returns {Source} */
function readSource(path) {
  const text = readFileSync(join(root, path), 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return {
    path,
    room: roomOf(path),
    isTest: path.endsWith('.test.ts'),
    text,
    code: withoutComments(tree),
    imports: [...importsOf(tree)].map((found) => ({ ...found, file: resolveImport(path, found.name) })),
  };
}

export function roomOf(path) {
  const [first, second] = path.split('/');
  return first === 'packages' ? `packages/${second}` : first;
}

/** @returns {Generator<{ name: string, typeOnly: boolean }>} */
function* importsOf(node) {
  if (ts.isImportDeclaration(node)) {
    yield { name: node.moduleSpecifier.text, typeOnly: isTypeOnly(node.importClause) };
  } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    yield { name: node.moduleSpecifier.text, typeOnly: node.isTypeOnly };
  } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [name] = node.arguments;
    if (name && ts.isStringLiteralLike(name)) yield { name: name.text, typeOnly: false };
  } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    yield { name: node.argument.literal.text, typeOnly: true };
  }
  for (const child of childrenOf(node)) yield* importsOf(child);
}

/** `import type` and `import { type A, type B }`; a bare `import 'x'` runs it. */
function isTypeOnly(clause) {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return (
    !clause.name &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every(({ isTypeOnly }) => isTypeOnly)
  );
}

function childrenOf(node) {
  const children = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}

function withoutComments(tree) {
  const ranges = new Map();
  const visit = (node) => {
    for (const range of ts.getLeadingCommentRanges(tree.text, node.pos) ?? []) ranges.set(range.pos, range.end);
    for (const range of ts.getTrailingCommentRanges(tree.text, node.end) ?? []) ranges.set(range.pos, range.end);
    childrenOf(node).forEach(visit);
  };
  visit(tree);
  let code = '';
  let at = 0;
  for (const [start, end] of [...ranges].sort(([a], [b]) => a - b)) {
    if (start < at) continue;
    code += tree.text.slice(at, start);
    at = end;
  }
  return code + tree.text.slice(at);
}

/** The file of this repository that an import leads to; undefined for packages of others. */
function resolveImport(from, name) {
  if (name.startsWith('.'))
    return relative(root, resolve(root, dirname(from), name))
      .split(sep)
      .join('/');
  const own = /^@cognate\/([^/]+)(\/.*)?$/.exec(name);
  if (!own) return undefined;
  const room = own[1] === 'web-workers' ? 'web-workers' : `packages/${own[1]}`;
  const { exports } = JSON.parse(readFileSync(join(root, room, 'package.json'), 'utf8'));
  const target = exports[`.${own[2] ?? ''}`];
  return typeof target === 'string' ? join(room, target).split(sep).join('/') : undefined;
}

/** `@scope/name` of `@scope/name/deep`, `name` of `name/deep`. */
export const packageOf = (name) => name.match(/^(@[^/]+\/[^/]+|[^/]+)/)[0];
