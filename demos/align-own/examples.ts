/** Where the page's own table stands: visitors can download it too. */
const table = (): string => document.querySelector<HTMLAnchorElement>('a[download]')!.href;

/** A row of the table: the name of a thing in two languages, and the emoji that draws it. */
interface Row {
  readonly english: string;
  readonly hexcode: string;
}

/** What one press brings: two columns of words; drawings with their names; the same things drawn by two hands. */
export const examples = {
  async words(): Promise<readonly File[]> {
    return [new File([await fetched(table())], 'words.tsv')];
  },

  async pictures(): Promise<readonly File[]> {
    const [rows, drawings] = await Promise.all([readRows(), drawingsOf('twemoji')]);
    return rows.flatMap(({ english, hexcode }) => drawing(drawings, hexcode, `${english}.svg`));
  },

  async styles(): Promise<readonly File[]> {
    const rows = await readRows();
    const folders = await Promise.all(
      ['OpenMoji', 'Twemoji'].map(async (style) => {
        const drawings = await drawingsOf(style.toLowerCase());
        return rows.flatMap(({ english, hexcode }) => {
          const [file] = drawing(drawings, hexcode, `${english}.svg`);
          if (file) Object.defineProperty(file, 'webkitRelativePath', { value: `${style}/${file.name}` });
          return file ?? [];
        });
      }),
    );
    return folders.flat();
  },
} as const;

async function readRows(): Promise<Row[]> {
  const [, ...lines] = (await (await fetched(table())).text()).trim().split('\n');
  return lines.map((line) => {
    const [english = '', , emoji = ''] = line.split('\t');
    return { english, hexcode: Array.from(emoji, (c) => c.codePointAt(0)!.toString(16).toUpperCase()).join('-') };
  });
}

async function drawingsOf(style: string): Promise<Readonly<Record<string, string>>> {
  const response = await fetched(new URL(`../starter/pictures/${style}.json`, document.baseURI).href);
  const { pictures } = JSON.parse(await response.text()) as { readonly pictures: Readonly<Record<string, string>> };
  return pictures;
}

/** The file, or none where the style lacks the thing. */
function drawing(drawings: Readonly<Record<string, string>>, hexcode: string, name: string): File[] {
  const svg = drawings[hexcode] ?? drawings[hexcode.replace(/-FE0F$/, '')];
  return svg === undefined ? [] : [new File([svg], name, { type: 'image/svg+xml' })];
}

async function fetched(address: string): Promise<Blob> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.blob();
}
