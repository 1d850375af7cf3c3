/** How the commands of this folder tell of a wrong option: one sentence, and exit code 2. */

export class OptionError extends Error {}

/** Any other error but those of `parseArgs` is a defect, whose stack is needed. */
export async function withOptionErrors(main: () => Promise<number>): Promise<number> {
  try {
    return await main();
  } catch (error) {
    if (error instanceof OptionError || (error instanceof Error && 'code' in error)) {
      console.error(`${error.message.split('\n')[0]} See --help.`);
      return 2;
    }
    throw error;
  }
}
