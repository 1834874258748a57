import { isHeldOut, isValidation } from '../../src/split.ts';

/** What a picture or a name is about: one emoji without skin tones. */
export interface Concept {
  /** Key in every table, such as `1F600`. */
  readonly hexcode: string;
  /** Unicode group, 0 to 9, such as food and drink. */
  readonly group: number;
  /** Unicode subgroup, 0 to 99 or so, such as food-fruit: a weak label. */
  readonly subgroup: number;
  /** `heldOut` is in no training step; `validation` serves choices, then may be trained on. */
  readonly part: 'train' | 'validation' | 'heldOut';
}

/** What the shipped text encoder, aligner and decoders have learned: their last runs took the concepts that had served choices. */
export const learnedParts = ['train', 'validation'] as const satisfies readonly Concept['part'][];

/** One record of emojibase-data; components, such as skin tones alone, have no group. */
interface EmojibaseRecord {
  readonly hexcode: string;
  readonly label: string;
  readonly group?: number;
  readonly subgroup?: number;
}

/** Records of emojibase-data 17 that are concepts, in their own order. */
export async function fetchRecords(): Promise<readonly Required<EmojibaseRecord>[]> {
  const response = await fetch('/node_modules/emojibase-data/en/data.json');
  const records = (await response.json()) as readonly EmojibaseRecord[];
  return records.filter((record): record is Required<EmojibaseRecord> => record.group !== undefined);
}

/** Every concept with its part of the split, in the order of emojibase-data. */
export async function loadConcepts(): Promise<readonly Concept[]> {
  const records = await fetchRecords();
  return records.map(({ hexcode, group, subgroup }) => ({
    hexcode,
    group,
    subgroup,
    part: isHeldOut(hexcode) ? 'heldOut' : isValidation(hexcode) ? 'validation' : 'train',
  }));
}
