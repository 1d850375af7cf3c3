/** The timers of a connection: heart-beats that are sent, and the watch over those that must come. */

export class SignOfLife {
  readonly #silent: () => void;
  #beatTimer: NodeJS.Timeout | undefined;
  #watchTimer: NodeJS.Timeout | undefined;
  /** How long silence may be, in milliseconds; 0 for ever. */
  #patienceMs = 0;
  #areBeatsHeld = false;
  #isWatchHeld = false;

  /** @param silent is called when nothing was heard for too long */
  constructor(silent: () => void) {
    this.#silent = silent;
  }

  /** From now on something must be heard at least this often, in milliseconds; 0 for no such demand. */
  expect(patienceMs: number): void {
    this.#patienceMs = patienceMs;
    this.#watch();
  }

  heard(): void {
    this.#watch();
  }

  /** Beats this often, in milliseconds; 0 for never. */
  beat(periodMs: number, send: () => void): void {
    if (periodMs > 0) {
      this.#beatTimer = setInterval(() => {
        if (!this.#areBeatsHeld) {
          send();
        }
      }, periodMs);
    }
  }

  holdBeats(isHeld: boolean): void {
    this.#areBeatsHeld = isHeld;
  }

  /** While the watch is held, silence does not count. */
  holdWatch(isHeld: boolean): void {
    if (this.#isWatchHeld !== isHeld) {
      this.#isWatchHeld = isHeld;
      this.#watch();
    }
  }

  stop(): void {
    clearInterval(this.#beatTimer);
    clearTimeout(this.#watchTimer);
    this.#patienceMs = 0;
  }

  #watch(): void {
    clearTimeout(this.#watchTimer);
    if (this.#patienceMs > 0 && !this.#isWatchHeld) {
      this.#watchTimer = setTimeout(this.#silent, this.#patienceMs);
    }
  }
}
