/** `swpt send`: messages as JSON text, for whoever wants to see the protocol itself. */

import { parseIncomingMessage } from '../../protocol/codec.ts';
import { show } from './rows.ts';
import { UsageError } from './usage-error.ts';
import { verb } from './verb.ts';

export const SEND = verb({
  name: 'send',
  summary: 'send messages that you have written yourself',
  usage: '[MESSAGE | FILE | -]',
  details: `Sends a JSON message, or those of a file or of the standard input (-), one a line. Each is checked first: a wrong one
stops the command before anything is sent. No record is kept of what is sent like this, so that a PreparedTransfer that
answers it is dismissed by the next command of its role.`,
  flags: { unchecked: { type: 'boolean', default: false } },
  flagHelp: [['--unchecked', 'send also what is no valid message, to see what the authority does with it']],
  example: `swpt send '{"type":"ConfigureAccount","debtor_id":1,"creditor_id":4294967297,"negligible_amount":0.0,"config_flags":0,"config_data":"","ts":"2027-01-15T08:00:00Z","seqnum":0}'`,
  argumentCount: { min: 0, max: 1 },
  run: async (session, [source = '-'], { unchecked }) => {
    const text = source.trimStart().startsWith('{') ? source : await session.options.readInput(source);
    const lines = isOneMessage(text) ? [text] : text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length === 0) {
      throw new UsageError('There is nothing to send; give a JSON message, or a file with one a line.');
    }
    if (!unchecked) {
      for (const line of lines) {
        parseIncomingMessage(line);
      }
    }
    const access = await session.access();
    await access.sendTexts(lines, session.patience);
    const what = lines.length === 1 ? '1 message' : `${lines.length} messages`;
    show(session, `Sent ${what}.`, { kind: 'sent', count: lines.length });
    return 0;
  },
});

/** A message may also be written over several lines. */
function isOneMessage(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
