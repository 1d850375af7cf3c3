/** A client through which a release writes as a newer one does: with more in its items than this one knows. */

import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { ItemClient } from '../../lib/storage/item-client.ts';
import { asNewerRelease } from '../simulation/aws/newer-release.ts';
import type { WriteRequest } from '../simulation/aws/simulated-tables.ts';

export function newerReleaseClient(client: ItemClient): ItemClient {
  const send = (command: object): Promise<unknown> => client.send(rewritten(command) as PutCommand);
  return { send } as ItemClient;
}

function rewritten(command: object): object {
  if (command instanceof PutCommand) {
    const { Put } = asNewerRelease({ Put: command.input });
    return new PutCommand(Put as PutCommand['input']);
  }
  if (command instanceof TransactWriteCommand) {
    const writes = (command.input.TransactItems ?? []) as WriteRequest[];
    const TransactItems = writes.map(asNewerRelease) as TransactWriteCommand['input']['TransactItems'];
    return new TransactWriteCommand({ ...command.input, TransactItems });
  }
  return command;
}
