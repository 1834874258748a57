/**
 * Lets the event loop run one task. A loop that awaits only microtasks never sees an abort message;
 * `setTimeout(0)` is clamped to 4 ms. So long loops await this between batches.
 */
export function yieldTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
