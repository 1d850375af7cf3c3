/** `npm run balances`: its flags, what it reads, and its exit code. */

import { REAL_SURROUNDINGS } from '../../shell/surroundings.ts';
import { FactsFile } from '../facts-file.ts';
import { OperatorError, operatorCommand, printAll, readDebtorId } from '../operator-command.ts';
import { openReading, readAccounts, readRecords, SEGMENTS_FLAG, SEGMENTS_HELP } from '../read-tables.ts';
import { STACK_FLAGS, STACK_HELP, withStack } from '../stack-tools.ts';
import { BalanceBook } from './balance-book.ts';
import { jsonReport, textReport } from './balances-report.ts';

const HELP = `Tells who has what: the principal, interest, locked and available amount of every account, and their sum.

  npm run balances -- [DEBTOR] [--with-under-way] [--json]

  DEBTOR                   only the currency of this debtor ID, as in 1
  --with-under-way         also the sum of the credits that are still under way. Those are on transfers, and finding them
                           means reading the whole table of transfers
  --json                   write one JSON object a line: accounts, and a currency after its accounts. Integers of 64 bits
                           are strings there
${SEGMENTS_HELP}
${STACK_HELP}
  --help                   show this

Only reads. The principals of a currency add up to 0, together with the credits under way. Interest is reckoned up to now.
The available amount is principal and interest, rounded down, without what is locked; of a root account it is what may still
be issued.
While payments are made, the sum may be off, since accounts are read one after the other; npm run audit allows for that.

Exit code: 0 when all was shown, 1 when some of it can't be read or there is no such currency, 2 when nothing could be read.
`;

const FLAGS = {
  ...STACK_FLAGS,
  ...SEGMENTS_FLAG,
  'with-under-way': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

export const runBalancesCommand = operatorCommand({
  help: HELP,
  flags: FLAGS,
  takesArguments: true,
  run: async (flags, output, [text, ...others]) => {
    if (others.length > 0) {
      throw new OperatorError('Whose currency? Name one debtor ID, or none for all; see --help.');
    }
    const debtorId = text === undefined ? undefined : readDebtorId(text);
    const file = new FactsFile();
    try {
      return await withStack(flags, async (stack) => {
        const reading = openReading(stack, flags, output);
        const book = new BalanceBook(file, debtorId, REAL_SURROUNDINGS.now());
        await readAccounts(reading, (page) => book.takeAccounts(page));
        if (flags['with-under-way']) {
          await readRecords(reading, (page) => book.takeTransfers(page));
        }
        book.complete();
        await printAll((flags.json ? jsonReport : textReport)(book), output);
        if (book.accountCount === 0) {
          output.tell(
            debtorId === undefined ? 'There are no accounts.\n' : `Currency ${debtorId} has no accounts.\n`,
          );
        }
        const isMissing = debtorId !== undefined && book.accountCount === 0;
        return isMissing || book.unreadableCount > 0 ? 1 : 0;
      });
    } finally {
      file.close();
    }
  },
});
