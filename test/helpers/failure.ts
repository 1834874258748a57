import { isCognateError } from '@cognate/core';

/** Code and message of the error that an action ends in, or `none`. */
export async function failure(action: () => Promise<unknown>): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (isCognateError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}
