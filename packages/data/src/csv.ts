/** A row as it stands in a file, or what is wrong with it. Lines and columns count from 1. */
export type ParsedRow<Value> =
  | { readonly line: number; readonly value: Value; readonly fault?: undefined }
  | { readonly line: number; readonly fault: { readonly column?: number; readonly reason: string } };

/** Takes text apart as it arrives, in pieces of any size. */
export interface RowParser<Value> {
  /** The rows that end in this piece. */
  push(text: string): ParsedRow<Value>[];
  /** The row that the end of the text ends, if any. */
  end(): ParsedRow<Value>[];
  /** Line of the next character. */
  readonly line: number;
}

const tab = 0x09;
const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** A quote that is never closed would otherwise swallow the file. As much text is held at most, to be read again. */
const longestCell = 16_777_216;
/** More lines in one row are no cell that somebody wrote, but a quote that was never meant to open one. */
const mostLines = 1000;
/** What is left of them where so much was read again that reading on would take for ever. */
const fewLines = 10;
/**
 * Lines that could each be a row, from so many on, are rows that a quote swallowed. Text seldom has tabs in it, but a
 * comma in each of a few lines.
 */
const leastSwallowed = (separator: number): number => (separator === tab ? 2 : 10);

/**
 * A parser of delimiter-separated rows (RFC 4180): cells in quotes may hold delimiters, line breaks and doubled quotes;
 * lines end in LF, CRLF or CR; blank lines are no rows. A quote inside a cell that does not begin with one is itself,
 * and so are the quotes of `"Yes," he said.` between tabs, where programs seldom quote.
 *
 * A quote that opens a cell over several lines, but is never closed, has text after its end, goes on for more than 1000
 * lines or swallows rows, is taken back: its line is faulty, and the next one begins a row again. For that the row's
 * text is held, 16 million characters at most. Where that happens so often that lines are read ten times on average, ten
 * lines take the place of 1000.
 * @param quotes false takes every quote as itself.
 * @see RFC 4180, https://www.rfc-editor.org/rfc/rfc4180
 */
export function csvParser(delimiter: string, quotes = true): RowParser<string[]> {
  const separator = delimiter.charCodeAt(0);
  let state: 'start' | 'plain' | 'quoted' | 'closed' | 'faulty' = 'start';
  let cells: string[] = [];
  /** The open cell, as far as it stood in earlier pieces or before doubled quotes. */
  let kept = '';
  let line = 1;
  let rowLine = 1;
  let quoteLine = 1;
  let reason = '';
  /** Last character of the piece before. */
  let before = NaN;
  /** Of a row over several lines: its text in earlier pieces, from the first line break on. */
  let held = '';
  /** Where it goes on in this piece. */
  let broken = 0;
  /** Cells before the first line break, the open one left out; and how many there would be if its quote were no quote. */
  let complete = 0;
  let unquoted = 0;
  /** Lines that were read again, and lines that a row may have. */
  let again = 0;
  let most = mostLines;

  /** Ends the row; `cell` is its last one. */
  const finish = (rows: ParsedRow<string[]>[], cell: string): void => {
    if (state === 'faulty') rows.push({ line: rowLine, fault: { column: cells.length + 1, reason } });
    else if (cells.length > 0 || state === 'closed' || cell.trim() !== '') {
      cells.push(cell);
      rows.push({ line: rowLine, value: cells });
    }
    cells = [];
    kept = '';
    held = '';
    state = 'start';
  };
  /** What is wrong with a row that ends after `rest`: every line of it has as many cells as the whole. */
  const swallowed = (rest: string): string | undefined => {
    const width = cells.length + 1;
    if (width === 1 || unquoted !== width || line - rowLine + 1 < leastSwallowed(separator)) return undefined;
    const lines = rest.split(/\r\n?|\n/).slice(1);
    if (lines.some((each) => each.split(delimiter).length !== width)) return undefined;
    return `the quote that opens in line ${rowLine} would swallow the rows up to line ${line}`;
  };
  const read = (piece: string, ended: boolean): ParsedRow<string[]>[] => {
    const rows: ParsedRow<string[]>[] = [];
    const last = before;
    before = piece.charCodeAt(piece.length - 1);
    // CRLF that was cut in two has ended its row already.
    const cut = last === carriageReturn && piece.charCodeAt(0) === lineFeed && state === 'start' && cells.length === 0;
    let text = piece;
    let i = cut ? 1 : 0;
    let from = i;
    for (;;) {
      const { length } = text;
      let wrong: string | undefined;
      while (i < length && wrong === undefined) {
        let code = text.charCodeAt(i);
        if (state === 'quoted') {
          while (code !== quote) {
            if (
              code === carriageReturn ||
              (code === lineFeed && (i > 0 ? text.charCodeAt(i - 1) : last) !== carriageReturn)
            ) {
              if (line === rowLine) {
                broken = i;
                complete = cells.length;
                unquoted = complete + (kept + text.slice(from, i)).split(delimiter).length;
              }
              if (++line - rowLine >= most) break;
            }
            if (++i === length) break;
            code = text.charCodeAt(i);
          }
          kept += text.slice(from, i);
          from = i;
          if (line - rowLine >= most) wrong = `a row in quotes goes on for more than ${most} lines`;
          else if (i < length) state = 'closed';
          i++;
        } else if (code === carriageReturn || code === lineFeed) {
          if (line > rowLine) wrong = swallowed(held + text.slice(broken, i));
          if (wrong !== undefined) continue;
          finish(rows, state === 'plain' ? kept + text.slice(from, i) : kept);
          if (code === carriageReturn && text.charCodeAt(i + 1) === lineFeed) i++;
          from = ++i;
          rowLine = ++line;
        } else if (state === 'faulty') {
          i++;
        } else if (code === separator) {
          cells.push(state === 'plain' ? kept + text.slice(from, i) : kept);
          kept = '';
          state = 'start';
          from = ++i;
        } else if (state === 'closed') {
          if (code === quote) {
            kept += '"';
            state = 'quoted';
            from = i + 1;
          } else if (separator === tab && quoteLine === line) {
            kept = `"${kept.replaceAll('"', '""')}"`;
            state = 'plain';
            from = i;
          } else {
            wrong = `there is text after the closing quote${line > rowLine ? ` in line ${line}` : ''}`;
          }
          i++;
        } else if (state === 'start' && code === quote && quotes) {
          state = 'quoted';
          quoteLine = line;
          from = ++i;
        } else {
          if (state === 'start') from = i;
          state = 'plain';
          do code = text.charCodeAt(++i);
          while (i < length && code !== separator && code !== lineFeed && code !== carriageReturn);
        }
      }
      if (wrong === undefined) {
        if (state === 'plain') kept += text.slice(from);
        from = length;
        const longest = Math.max(kept.length, line > rowLine ? held.length + length - broken : 0);
        if (ended && state === 'quoted') wrong = `the quote that opens in line ${quoteLine} is never closed`;
        else if (ended && line > rowLine) wrong = swallowed(held + text.slice(broken));
        else if (longest > longestCell) {
          wrong = `a cell that begins in line ${rowLine} is longer than 16 million characters`;
        }
      }
      if (wrong === undefined) break;
      const unquotedCell = state === 'plain' && line === rowLine;
      reason = unquotedCell ? wrong : `${wrong}; where a quote is only a quote, write it twice and its cell in quotes`;
      state = 'faulty';
      kept = '';
      if (line > rowLine) {
        // Back to the end of the row's first line: what follows is read again.
        text = held + text.slice(broken);
        held = '';
        i = 0;
        again += line - rowLine;
        most = again > 10 * line + 10_000 ? fewLines : mostLines;
        line = rowLine;
        cells.length = complete;
      }
    }
    if (ended) finish(rows, kept);
    else if (line > rowLine) {
      held += text.slice(broken);
      broken = 0;
    }
    return rows;
  };

  return {
    get line() {
      return line;
    },
    push: (text) => (text === '' ? [] : read(text, false)),
    end: () => read('', true),
  };
}
