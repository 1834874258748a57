import type { Json, JsonObject } from './jsonl.ts';

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What chats call who speaks and what is said. */
const chats = [
  ['role', 'content'],
  ['from', 'value'],
] as const;

/** Whether an object is what somebody says in a chat. */
export const isMessage = (object: JsonObject): boolean =>
  chats.some((fields) => fields.every((field) => typeof object[field] === 'string'));

/** What objects call the text that they are about. */
const textFields = ['raw', 'text', 'caption', 'sentence', 'content'];

/**
 * An object whose fields are cells. Those of objects inside become fields of their own, `{"translation": {"en": …}}`
 * becomes `translation.en`; of the messages of a chat, the first of each role becomes `messages.user`; of a list of
 * objects that hold a text each, `sentences.raw` is the list of the texts.
 */
export function flat(object: JsonObject): JsonObject {
  if (!Object.values(object).some((value) => isObject(value) || (isList(value) && isObject(value[0])))) return object;
  return Object.fromEntries(Object.entries(object).flatMap(([name, value]) => fieldsOf(name, value)));
}

function fieldsOf(name: string, value: Json): [string, Json][] {
  if (isObject(value)) return Object.entries(value).map(([inner, each]) => [`${name}.${inner}`, each]);
  if (!isList(value) || !isObject(value[0])) return [[name, value]];
  for (const [who, what] of chats) {
    const [speakers, said] = [textsUnder(who, value), textsUnder(what, value)];
    if (!speakers || !said) continue;
    const firsts = speakers.map((speaker, i) => [`${name}.${speaker}`, said[i]!] as [string, Json]);
    return firsts.filter((_, i) => speakers.indexOf(speakers[i]!) === i);
  }
  for (const field of textFields) {
    const texts = textsUnder(field, value);
    if (texts) return [[`${name}.${field}`, texts]];
  }
  return [[name, value]];
}

/** The texts that all items have under one name. */
function textsUnder(field: string, items: readonly Json[]): readonly string[] | undefined {
  const texts = items.map((item) => (isObject(item) && Object.hasOwn(item, field) ? item[field] : undefined));
  return texts.every((text) => typeof text === 'string') ? texts : undefined;
}
