import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Short enough to feel alive, long enough to skip most half-typed words. */
const pauseMs = 180;

/** Waits for a pause in typing before it acts; forgets when the element leaves the page. */
export class Typing implements ReactiveController {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.stop();
  }

  wait(act: () => void): void {
    this.stop();
    this.#timer = setTimeout(act, pauseMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
