import {
  decimalCommas,
  isAddressOrTime,
  isNumber,
  isPicture,
  numberOf,
  pointed,
  textOf,
  textsOf,
  vectorOf,
  type Cell,
} from './cells.ts';
import { languageOf, languageOfName } from './language.ts';

/** What a column holds. `picture` is the name or address of one; `empty` is a column without any value. */
export type ColumnKind = 'text' | 'picture' | 'vector' | 'number' | 'id' | 'empty';

/** A column, or the many numeric columns that are one vector together. */
export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Positions in a row, from 0: one, or as many as the vector has numbers. */
  readonly at: readonly number[];
  /** Of a vector. */
  readonly dim?: number;
  /** Of a vector in many columns: its numbers are written `0,5`. */
  readonly decimalCommas?: true;
  /** Of a text, where it can be told: a BCP 47 code. */
  readonly language?: string;
  /** Of a text: different values per row looked at; near 0 for classes and rare remarks, 1 where no value repeats. */
  readonly variety?: number;
}

/** Columns to choose from, for a message: a table may have thousands, and names of any length. */
export function namesOf(columns: readonly Column[], nameOf = ({ name }: Column): string => name): string {
  const some = columns.slice(0, 20).map((column) => nameOf({ ...column, name: column.name.slice(0, 80) }));
  const more = columns.length - some.length;
  return more > 0 ? `${some.join(', ')} and ${more} more` : some.join(', ');
}

/** Fewer adjacent columns of numbers are measurements, not a vector. */
const leastRun = 8;
const leastNumbered = 3;

/**
 * What the columns hold, judged by the rows given.
 * @param names one for each position; without a header, empty texts.
 */
export function detectColumns(
  names: readonly string[],
  rows: readonly (readonly Cell[])[],
  delimiter?: string,
): Column[] {
  const commas = names.map((_, i) =>
    decimalCommas(
      rows.map((row) => row[i] ?? null),
      delimiter,
    ),
  );
  const kinds = names.map((name, i) =>
    kindOf(
      name,
      rows.map((row) => (commas[i] ? pointed(row[i] ?? null) : (row[i] ?? null))),
    ),
  );
  const columns: Column[] = [];
  for (let i = 0; i < names.length;) {
    const run = vectorRun(names, kinds, i);
    if (run) {
      columns.push(run.at.some((each) => commas[each]) ? { ...run, decimalCommas: true } : run);
      i += run.at.length;
      continue;
    }
    const cells = rows.map((row) => row[i] ?? null);
    const kind = kinds[i]!;
    const name = names[i]! || `column ${i + 1}`;
    const language = kind === 'text' ? (languageOfName(name) ?? languageOf(cells.flatMap(textsOf))) : undefined;
    const dim = kind === 'vector' ? cells.map(vectorOf).find((vector) => vector !== undefined)?.length : undefined;
    columns.push({
      name,
      kind,
      at: [i],
      ...(dim !== undefined && { dim }),
      ...(language !== undefined && { language }),
      ...(kind === 'text' && { variety: varietyOf(cells) }),
    });
    i++;
  }
  return columns.map((column) =>
    isNamedAlone(column, columns) ? column : { ...column, name: rangeOf(column, names) },
  );
}

/** Columns are asked for by name, but `text_0, text_1, …` would be `text` beside another `text`. */
const isNamedAlone = ({ at, name }: Column, all: readonly Column[]): boolean =>
  at.length === 1 || all.filter((each) => each.name === name).length === 1;

const rangeOf = ({ at }: Column, names: readonly string[]): string => `${names[at[0]!]} to ${names[at.at(-1)!]}`;

function kindOf(name: string, cells: readonly Cell[]): ColumnKind {
  const filled = cells.filter((cell) => cell !== null && cell !== '');
  if (filled.length === 0) return 'empty';
  const most = (test: (cell: Cell) => boolean): boolean => filled.filter(test).length >= 0.9 * filled.length;
  const dim = vectorOf(filled[0])?.length;
  if (dim !== undefined && most((cell) => vectorOf(cell)?.length === dim)) return 'vector';
  if (most((cell) => isPicture(textsOf(cell)[0] ?? null))) return 'picture';
  if (most(isNumber)) return isKey(name, filled) ? 'id' : 'number';
  return isKey(name, filled) ? 'id' : 'text';
}

function varietyOf(cells: readonly Cell[]): number {
  const different = new Set(cells.map(textOf));
  different.delete('');
  return different.size / cells.length;
}

/** Fewer codes could be words. */
const leastCodes = 5;

/**
 * Addresses and times; and keys, which differ from row to row, and are counted up, or are called so, or look like nothing
 * that a person would write.
 */
function isKey(name: string, cells: readonly Cell[]): boolean {
  const texts = cells.map(textOf);
  if (texts.every(isAddressOrTime)) return true;
  if (new Set(texts).size < texts.length || texts.length < 2) return false;
  if (/[_-]id$/i.test(name)) return true;
  if (/^(id|uuid|guid|key|index|idx|nr|no|#)$/i.test(name)) return texts.every((text) => !/\s/.test(text));
  const isCode = (text: string): boolean => /^[\w-]{6,}$/.test(text) && /\d/.test(text) && /[a-z]/i.test(text);
  if (texts.length >= leastCodes && texts.filter(isCode).length >= 0.9 * texts.length) return true;
  if (texts.every((text) => /^[\da-f]{8}(-?[\da-f]{4}){3}-?[\da-f]{12}$|^[\da-f]{16,64}$/i.test(text))) return true;
  const numbers = texts.map(Number);
  return numbers.every((value, i) => Number.isInteger(value) && (i === 0 || value === numbers[i - 1]! + 1));
}

/** `a_12` -> `a` and `12`. Looking behind keeps the time linear: separators and digits begin where they begin. */
const numbered = /^(.*?)(?<![\s_.[-])[\s_.[-]*(?<!\d)(\d+)\]?$/;

/** Numeric columns from `start` on that count up behind one name (`a_0, a_1, …`), or a long run of nameless ones. */
function vectorRun(names: readonly string[], kinds: readonly ColumnKind[], start: number): Column | undefined {
  const numeric = (i: number): boolean => kinds[i] === 'number' || kinds[i] === 'id';
  if (!numeric(start)) return undefined;
  const [, stem, digits] = numbered.exec(names[start]!) ?? [];
  let end = start + 1;
  if (digits !== undefined) {
    const goesOn = (i: number): boolean => {
      const [, other, count] = numbered.exec(names[i] ?? '') ?? [];
      return other === stem && Number(count) === Number(digits) + i - start;
    };
    while (end < names.length && numeric(end) && goesOn(end)) end++;
  } else if (names[start] === '') {
    // The first of them may be a running number of the rows.
    if (kinds[start] === 'id') return undefined;
    while (end < names.length && numeric(end) && names[end] === '') end++;
  }
  const dim = end - start;
  const nameless = names.every((name) => name === '') && start === 0 && end === names.length;
  if (dim < (digits !== undefined || nameless ? leastNumbered : leastRun)) return undefined;
  return {
    name: stem || (digits === undefined ? `columns ${start + 1} to ${end}` : 'vector'),
    kind: 'vector',
    at: Array.from({ length: dim }, (_, i) => start + i),
    dim,
  };
}

/** Names that people give to the two sides of a pair, each with what it goes with. */
const sides: readonly (readonly [source: RegExp, target: RegExp])[] = [
  [/^(source|src)$|[_-](source|src)$/i, /^(target|tgt|trg)$|[_-](target|tgt|trg)$/i],
  [/^(input|prompt|instruction)$/i, /^(output|completion|response)$/i],
  [/^(question|query|prompt)$/i, /^(answer|response)$/i],
  [/(^|\.)(user|human)$/i, /(^|\.)(assistant|gpt)$/i],
  [/^(word|term|phrase|concept|sentence|original)$/i, /^(translation|translated)$/i],
  [/^(word|term|phrase|concept)$/i, /^(definition|meaning)$/i],
  [/^(document|article|text|body|content)$/i, /^(summary|abstract|headline)$/i],
  [/^(front|from)$/i, /^(back|to)$/i],
  [/^a$|[_-]a$/i, /^b$|[_-]b$/i],
  [/^x$/i, /^y$/i],
];

/**
 * Which column to translate from, and which to: by their names, else the two vectors, else a picture and a text, else two
 * texts; of several the first ones in the order of the file, of texts the first of those that seldom repeat. Undefined
 * when there are no two.
 */
export function suggestPair(
  columns: readonly Column[],
): { readonly source: Column; readonly target: Column } | undefined {
  const usable = columns.filter(({ kind }) => kind === 'text' || kind === 'picture' || kind === 'vector');
  for (const names of sides) {
    const [source, target] = names.map((each) => usable.find(({ name }) => each.test(name)));
    if (source && target) return { source, target };
  }
  const of = (kind: ColumnKind): Column[] => usable.filter((column) => column.kind === kind);
  const texts = of('text').sort(bySaying);
  const choices = [of('vector'), [...of('picture').slice(0, 1), ...texts.slice(0, 1)], of('picture'), texts, usable];
  const two = choices.find((choice) => choice.length >= 2)?.slice(0, 2) ?? [];
  const [first, second] = usable.filter((column) => two.includes(column));
  return first && second ? { source: first, target: second } : undefined;
}

/** Puts columns first whose texts say more of their row: every other caption may repeat, classes do nearly always. */
export function bySaying({ variety: a = 1 }: Column, { variety: b = 1 }: Column): number {
  return Math.min(b, 0.5) - Math.min(a, 0.5);
}

/** The numbers of a vector column in one row; undefined where the row holds none or another count of them. */
export function vectorAt(row: readonly Cell[], { at, dim, decimalCommas }: Column): readonly number[] | undefined {
  const number = (cell: Cell | undefined): number => numberOf(decimalCommas ? pointed(cell ?? null) : cell);
  const vector = at.length > 1 ? at.map((i) => number(row[i])) : vectorOf(row[at[0]!]);
  return vector?.length === dim ? vector : undefined;
}
