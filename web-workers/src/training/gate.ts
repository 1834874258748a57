/** Where a training run waits while it is paused. */
export interface Gate {
  /** Pending while the gate is closed. */
  pass(): Promise<void>;
  open(): void;
  close(): void;
}

/** An open gate. */
export function gate(): Gate {
  let closed: PromiseWithResolvers<void> | undefined;
  return {
    pass: () => closed?.promise ?? Promise.resolve(),
    open() {
      closed?.resolve();
      closed = undefined;
    },
    close() {
      closed ??= Promise.withResolvers<void>();
    },
  };
}
