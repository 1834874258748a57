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

/** A quote that is never closed would otherwise swallow the file. */
const longestCell = 16_777_216;

/**
 * A parser of delimiter-separated rows (RFC 4180): cells in quotes may hold delimiters, line breaks and doubled quotes;
 * lines end in LF, CRLF or CR; blank lines are no rows. A quote inside a cell that does not begin with one is itself,
 * and so are the quotes of `"Yes," he said.` between tabs, where programs seldom quote.
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

  const fail = (text: string): void => {
    reason = text;
    state = 'faulty';
    kept = '';
  };
  /** Ends the row; `cell` is its last one. */
  const finish = (rows: ParsedRow<string[]>[], cell: string): void => {
    if (state === 'faulty') rows.push({ line: rowLine, fault: { column: cells.length + 1, reason } });
    else if (cells.length > 0 || state === 'closed' || cell.trim() !== '') {
      cells.push(cell);
      rows.push({ line: rowLine, value: cells });
    }
    cells = [];
    kept = '';
    state = 'start';
  };

  return {
    get line() {
      return line;
    },
    push(text) {
      const rows: ParsedRow<string[]>[] = [];
      const { length } = text;
      if (length === 0) return rows;
      const last = before;
      before = text.charCodeAt(length - 1);
      // CRLF that was cut in two has ended its row already.
      const cut = last === carriageReturn && text.charCodeAt(0) === lineFeed && state === 'start' && cells.length === 0;
      let i = cut ? 1 : 0;
      let from = i;
      while (i < length) {
        let code = text.charCodeAt(i);
        if (state === 'quoted') {
          while (code !== quote) {
            if (code === carriageReturn) line++;
            else if (code === lineFeed && (i > 0 ? text.charCodeAt(i - 1) : last) !== carriageReturn) line++;
            if (++i === length) break;
            code = text.charCodeAt(i);
          }
          kept += text.slice(from, i);
          from = i;
          if (i < length) state = 'closed';
          i++;
        } else if (code === carriageReturn || code === lineFeed) {
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
          } else fail('there is text after the closing quote');
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
      if (state === 'plain') kept += text.slice(from);
      if (kept.length > longestCell) fail(`a cell that begins in line ${rowLine} is longer than 16 million characters`);
      return rows;
    },
    end() {
      const rows: ParsedRow<string[]>[] = [];
      if (state === 'quoted') fail(`the quote that opens in line ${quoteLine} is never closed`);
      finish(rows, kept);
      return rows;
    },
  };
}
