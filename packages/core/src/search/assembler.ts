/**
 * As much of the WebAssembly binary format as one kernel needs: functions over one imported memory, whose arguments and
 * scalar locals are i32 and whose other locals are v128. Code is a list of bytes; the names are those of the
 * specification.
 * @see https://webassembly.github.io/spec/core/binary/
 */
export type Code = readonly number[];

/** Instructions. Operands come from the stack; `offset` is added to an address and costs nothing. */
export const op = {
  localGet: (local: number): Code => [0x20, ...unsigned(local)],
  localSet: (local: number): Code => [0x21, ...unsigned(local)],
  localTee: (local: number): Code => [0x22, ...unsigned(local)],
  /** Runs `body`, and again for as long as it leaves a 1. */
  loopWhile: (...body: Code[]): Code => [0x03, 0x40, ...body.flat(), 0x0d, 0x00, 0x0b],
  i32Const: (value: number): Code => [0x41, ...signed(value)],
  i32Add: [0x6a] as Code,
  i32LessUnsigned: [0x49] as Code,
  i32Store: (offset: number): Code => [0x36, 2, ...unsigned(offset)],
  v128Zero: [0xfd, 0x0c, ...new Array<number>(16).fill(0)] as Code,
  v128Load: (offset: number): Code => [0xfd, 0x00, 0, ...unsigned(offset)],
  /** Eight i8 from memory, widened to i16. */
  i16x8Load8x8: (offset: number): Code => [0xfd, 0x01, 0, ...unsigned(offset)],
  /** Eight products of i16, added in pairs to four i32. */
  i32x4DotI16x8: [0xfd, 0xba, 0x01] as Code,
  i32x4Add: [0xfd, 0xae, 0x01] as Code,
  i32x4ExtractLane: (lane: number): Code => [0xfd, 0x1b, lane],
};

/** A function: arguments are the first locals, then `scalars` locals of i32, then `vectors` of v128. */
export interface Func {
  readonly name: string;
  readonly scalars: number;
  readonly vectors: number;
  readonly body: Code;
}

/** A module of functions that take `args` i32 and return nothing. It imports its memory as `env.memory`. */
export function assemble(args: number, functions: readonly Func[]): Uint8Array<ArrayBuffer> {
  const i32 = 0x7f;
  const v128 = 0x7b;
  const section = (id: number, items: readonly Code[]): Code => [
    id,
    ...sized([...unsigned(items.length), ...items.flat()]),
  ];
  const func = ({ scalars, vectors, body }: Func): Code =>
    sized([2, ...unsigned(scalars), i32, ...unsigned(vectors), v128, ...body, 0x0b]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [[0x60, ...unsigned(args), ...new Array<number>(args).fill(i32), 0]]),
    ...section(2, [[...text('env'), ...text('memory'), 0x02, 0x00, 0x00]]),
    ...section(
      3,
      functions.map(() => [0]),
    ),
    ...section(
      7,
      functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]),
    ),
    ...section(10, functions.map(func)),
  ]);
}

const sized = (code: Code): Code => [...unsigned(code.length), ...code];
const text = (name: string): Code => sized([...new TextEncoder().encode(name)]);

/** LEB128: seven bits a byte, lowest first. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
