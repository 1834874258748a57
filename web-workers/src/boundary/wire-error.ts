import { CognateError, isCognateError, type ErrorCode } from '@cognate/core';
import { transferHandlers } from 'comlink';

/** A thrown value as plain data, so that class, code and cause survive the crossing. */
export type WireError =
  | {
      readonly kind: 'cognate';
      readonly code: ErrorCode;
      readonly message: string;
      readonly stack?: string | undefined;
      readonly cause?: WireError;
    }
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly stack?: string | undefined;
      readonly cause?: WireError;
    }
  | { readonly kind: 'dom'; readonly name: string; readonly message: string }
  | { readonly kind: 'value'; readonly value: unknown };

/** The built-in classes that come back as themselves; any other becomes an `Error` that keeps its name. */
const builtIn = new Map<string, ErrorConstructor>(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((each) => [each.name, each]),
);

/** A chain of causes longer than this is a circle, or of no use to anybody. */
const maxDepth = 8;

/** Anything thrown -> plain data. */
export function packError(thrown: unknown, depth = 0): WireError {
  if (thrown instanceof DOMException) return { kind: 'dom', name: thrown.name, message: thrown.message };
  if (thrown instanceof Error) {
    const { message, stack } = thrown;
    const cause = thrown.cause === undefined || depth === maxDepth ? {} : { cause: packError(thrown.cause, depth + 1) };
    return isCognateError(thrown)
      ? { kind: 'cognate', code: thrown.code, message, stack, ...cause }
      : { kind: 'error', name: thrown.name, message, stack, ...cause };
  }
  return { kind: 'value', value: isPrimitive(thrown) ? thrown : String(thrown) };
}

/** The inverse of `packError`. */
export function unpackError(wire: WireError): unknown {
  switch (wire.kind) {
    case 'dom':
      return new DOMException(wire.message, wire.name);
    case 'value':
      return wire.value;
    case 'cognate':
      return withStack(new CognateError(wire.code, wire.message, causeOf(wire)), wire.stack);
    case 'error': {
      const error = new (builtIn.get(wire.name) ?? Error)(wire.message, causeOf(wire));
      if (error.name !== wire.name) error.name = wire.name;
      return withStack(error, wire.stack);
    }
  }
}

function causeOf({ cause }: { readonly cause?: WireError }): ErrorOptions {
  return cause ? { cause: unpackError(cause) } : {};
}

/** The worker's stack tells where it happened; the page's would only tell where the message came in. */
function withStack<E extends Error>(error: E, stack: string | undefined): E {
  if (stack !== undefined) error.stack = stack;
  return error;
}

function isPrimitive(value: unknown): boolean {
  return (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') || value === null;
}

/**
 * Makes Comlink carry errors as above instead of by name and message alone. Both sides of the boundary import this
 * module, each for its own copy of Comlink.
 */
const comlinkThrow = transferHandlers.get('throw')!;
transferHandlers.set('throw', {
  canHandle: (value): value is unknown => comlinkThrow.canHandle(value),
  serialize: (thrown) => [packError((thrown as { readonly value: unknown }).value), []],
  deserialize: (wire) => {
    throw unpackError(wire as WireError);
  },
});
