/** Ends a command quietly when nobody reads its output any more, as after `| head`. */

/** For commands that may end at any instant without harm. */
export function endWhenUnread(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') {
        throw error;
      }
      process.exit(0);
    });
  }
}
