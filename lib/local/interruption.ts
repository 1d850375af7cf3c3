/** Hears when a person or the system asks a command to stop, or nobody reads its output. */

/**
 * One key press can arrive twice: the terminal signals all processes in the foreground, and npm passes its signal on.
 */
const SAME_KEY_PRESS_MS = 250;
/** The status that a shell reports for a process ended by SIGINT. */
export const INTERRUPTED_STATUS = 130;

/** Aborted at the first signal to stop. Another one ends the process at once. */
export function listenForInterruption(): AbortSignal {
  const controller = new AbortController();
  let stopAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stopAt ??= Date.now();
      if (Date.now() - stopAt > SAME_KEY_PRESS_MS) {
        process.exit(INTERRUPTED_STATUS);
      }
      controller.abort();
    });
  }
  return controller.signal;
}

export function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
}

/** Aborted when nobody reads the output any more, as after `| head`. */
export function whenClosed(output: NodeJS.WriteStream): AbortSignal {
  const controller = new AbortController();
  output.on('error', () => controller.abort());
  return controller.signal;
}
