import { isAddressOrTime, isNumber, isPicture, pointed, textOf, vectorOf, type Cell } from './cells.ts';
import { languageOf, languageOfName } from './language.ts';

/** Names that columns of pairs go by; a first row that holds one is a header. */
const known =
  /^(source|target|src|tgt|trg|text|texts|sentence|phrase|word|caption|captions|title|name|label|class|category|description|prompt|query|question|answer|image|images|picture|photo|img|file|files|filename|file_name|filepath|path|url|image_url|image_path|id|uuid|key|index|idx|lang|language|vector|embedding|embeddings|input|output|emoji|score)$/i;

/** More of them, which are words of everyday texts too: one by itself says nothing. */
const likely =
  /^(term|concept|definition|meaning|translation|translated|original|word|words|example|examples|note|notes|comment|comments|tag|tags|type|gender|pos|reading|pronunciation|ipa|kana|kanji|pinyin|front|back|brand|topic|summary|abstract|body|content|document|article|headline|review|date|link|subject|message|response|completion|instruction|context)$/i;

/** The same in other languages that many vocabularies are written in. */
const likelyElsewhere =
  /^(begriff|bedeutung|wort|vokabel|satz|übersetzung|frage|antwort|bild|beschreibung|titel|zusammenfassung|mot|terme|définition|traduction|réponse|titre|résumé|palabra|término|definición|traducción|pregunta|respuesta|frase|título|resumen|imagen|parola|termine|definizione|traduzione|domanda|risposta|titolo|immagine|palavra|termo|definição|tradução|pergunta|resposta|resumo|imagem)$/i;

/**
 * Whether the first row names the columns: it does when it holds text above numbers, vectors or pictures, names that
 * columns usually have, or short texts of which one is unlike everything below it. In doubt it is a row like the others,
 * so that no pair is lost.
 */
export function isHeader(first: readonly Cell[], others: readonly (readonly Cell[])[]): boolean {
  const names = first.map((cell) => (typeof cell === 'string' ? cell.trim() : ''));
  const filled = names.filter((name) => name !== '');
  if (filled.length === 0 || new Set(filled).size < filled.length) return isNamed(filled);
  // pandas numbers columns that have no names, and leaves the index without one.
  const counted = filled.length > 2 && filled.every((name, i) => name === String(i));
  if (counted) return others.some((row) => row.slice(-filled.length).some((cell) => !/^\s*\d+\s*$/.test(textOf(cell))));
  if (names.some(isValue)) return false;
  const below = names.map((_, column) => others.map((row) => row[column] ?? '').filter((cell) => cell !== ''));
  const above = names.some((name, column) => {
    const cells = below[column]!;
    return name !== '' && cells.length > 0 && cells.every((cell) => isValue(cell));
  });
  const short = filled.every((name) => name.length <= longestName && !/[.!?。！？]$/.test(name));
  return (
    above ||
    isNamed(filled) ||
    (short && names.some((name, column) => name && isUnlike(name, below[column]!.map(textOf))))
  );
}

/** Names of columns are seldom longer. */
const longestName = 40;

/** Words are of any length up to it. */
const leastLong = 20;

/** So few rows are unlike their neighbours by chance. */
const leastBelow = 8;

/**
 * Whether a short text is no value of the column below it: it alone occurs once where all others come again, as classes
 * do; it alone is in Latin letters; it is the name of their language; or all others are far longer.
 */
function isUnlike(name: string, below: readonly string[]): boolean {
  if (below.length < leastBelow) return false;
  if (below.every((text) => text.trim().length > Math.max(leastLong, 2 * name.length))) return true;
  const language = languageOfName(name);
  if (language !== undefined && language === languageOf(below)) return true;
  const isLatin = (text: string): boolean => /\p{Script=Latin}/u.test(text);
  if (isLatin(name) && below.every((text) => !isLatin(text) && /\p{L}/u.test(text))) return true;
  const counts = new Map<string, number>();
  for (const text of below) counts.set(text.toLowerCase(), (counts.get(text.toLowerCase()) ?? 0) + 1);
  const once = [...counts.values()].filter((count) => count === 1).length;
  return once <= 0.05 * below.length && !counts.has(name.toLowerCase());
}

const isValue = (cell: Cell): boolean =>
  isNumber(pointed(cell)) || isPicture(cell) || isAddressOrTime(cell) || vectorOf(cell) !== undefined;

/** `meaning_en`, `desc2`, `displayName`: nothing that stands in a text. */
const isIdentifier = (name: string): boolean =>
  name.length <= longestName &&
  (/^\p{L}[\p{L}\d]*[_\d][\p{L}\d_]*$/u.test(name) || /^\p{Ll}+(\p{Lu}\p{Ll}+)+$/u.test(name));

/**
 * Names of columns must be half of them, with those that could be words at least two; languages must all be languages,
 * since `it` and `no` are words too, unless there are names beside them.
 */
export function isNamed(names: readonly string[]): boolean {
  const usual = names.filter((name) => known.test(name) || isIdentifier(name)).length;
  const languages = names.filter((name) => languageOfName(name) !== undefined).length;
  if (names.length === 0) return false;
  if (usual >= names.length / 2 || languages === names.length) return true;
  const could = names.filter((name) => likely.test(name) || likelyElsewhere.test(name)).length;
  const named = usual + could + languages;
  return usual + could > 0 && named >= 2 && named >= names.length / 2;
}
