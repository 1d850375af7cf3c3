/** What happens on Ctrl-C while a disposable stack exists: the first signal ends the work, so that the stack is destroyed. */

export const INTERRUPTED_STATUS = 130;

export interface Interruption {
  happened: boolean;
  /** The stack that a second signal leaves behind. */
  leaves: string;
  /** Ends what is being waited for. */
  onHappened: () => void;
}

/** A second signal ends the process at once. */
export function listenForInterruption(): Interruption {
  const state: Interruption = { happened: false, leaves: '', onHappened: () => {} };
  const onSignal = () => {
    if (state.happened) {
      console.error(`Stopped at once; the stack ${state.leaves} may still be there.`);
      process.exit(INTERRUPTED_STATUS);
    }
    state.happened = true;
    state.onHappened();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, onSignal);
  }
  return state;
}
