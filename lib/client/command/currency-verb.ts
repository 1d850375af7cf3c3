/** `swpt currency`: shows and changes what a debtor says of its currency. */

import { MAX_INT64 } from '../../protocol/integers.ts';
import type { DebtorInfo, RootConfigData } from '../../protocol/root-config-data.ts';
import { readAmount, readId, readNumber } from './arguments.ts';
import { type ConfigChange, changeConfig, readConfig } from './root-config.ts';
import { printRow } from './rows.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';
import { type FlagsOf, verb } from './verb.ts';

const FLAGS = { 'content-type': { type: 'string' }, sha256: { type: 'string' } } as const;
const PROPERTIES = ['limit', 'rate', 'info'] as const;
type Property = (typeof PROPERTIES)[number];

export const CURRENCY = verb({
  name: 'currency',
  summary: 'show or change limit, rate and description of a currency',
  usage: 'DEBTOR [limit | rate | info [VALUE]]',
  details: `Without VALUE it only shows. With VALUE it reads the root account's configuration, shows the difference, writes it and
waits until the authority has accepted it. What else the configuration says stays as it is.

  limit N      how much may be issued at most, 0 to 2^63 − 1; none for no limit. The root account's negligible amount
               (swpt configure D/0 --negligible N) bounds it too
  rate N       the interest rate in percent a year, −50 to 100
  info IRI     where the currency is described, at most 200 characters; none for nowhere`,
  flags: FLAGS,
  flagHelp: [
    ['--content-type TYPE', 'with info: the media type of the description'],
    ['--sha256 HEX', 'with info: the SHA-256 hash of the description, 64 hexadecimal digits'],
  ],
  example: 'swpt currency 1 rate 2.5',
  argumentCount: { min: 1, max: 3 },
  run: async (session, [debtor = '', property, value], flags) => {
    const root = { debtorId: readId(debtor, 'debtor ID'), creditorId: 0n };
    const name = property === undefined ? undefined : readProperty(property);
    const change = name === undefined || value === undefined ? undefined : changeOf(name, value, flags);
    const client = await session.currentClient(session.roleFor(root));
    const account = await client.account(root, { signal: session.patience });
    if (account?.latest === undefined) {
      throw new UsageError(
        `There is no currency of debtor ${debtor} yet; open its root account: swpt open ${debtor}/0 --negligible N.`,
      );
    }
    const { configData } = account.latest;
    const before = readConfig(configData);
    if (name === undefined || change === undefined) {
      return showConfig(
        session,
        { debtorId: root.debtorId, config: before },
        name === undefined ? PROPERTIES : [name],
      );
    }
    const text = changeConfig(configData, change);
    const after = readConfig(text);
    const [old, wanted] = [printProperty(before, name), printProperty(after, name)];
    if (!session.options.isJson) {
      session.output.print(old === wanted ? `${name}: ${old} already` : `${name}: ${old} → ${wanted}`);
    }
    if (old !== wanted) {
      await client.configure(root, { configData: text }, { signal: session.patience });
      session.output.tell('The authority has accepted it.');
    }
    return session.options.isJson
      ? showConfig(session, { debtorId: root.debtorId, config: after }, PROPERTIES)
      : 0;
  },
});

function readProperty(text: string): Property {
  const property = PROPERTIES.find((known) => known === text);
  if (property === undefined) {
    throw new UsageError(`A currency has no ${JSON.stringify(text)}; write limit, rate or info.`);
  }
  return property;
}

function changeOf(property: Property, value: string, flags: FlagsOf<typeof FLAGS>): ConfigChange {
  switch (property) {
    case 'limit':
      return { limit: value === 'none' ? undefined : readAmount(value, 0n) };
    case 'rate':
      return { rate: readNumber('The rate', value, { min: -50, max: 100 }) };
    case 'info': {
      const { sha256 } = flags;
      const contentType = flags['content-type'];
      const info = {
        type: 'DebtorInfo',
        iri: value,
        ...(contentType !== undefined && { contentType }),
        ...(sha256 !== undefined && { sha256: sha256.toUpperCase() }),
      };
      return { info: value === 'none' ? undefined : info };
    }
    default:
      return property satisfies never;
  }
}

/** The whole configuration for a program, some of its properties for a person. */
function showConfig(
  { output, options }: Session,
  currency: { readonly debtorId: bigint; readonly config: RootConfigData },
  properties: readonly Property[],
): 0 {
  const { debtorId, config } = currency;
  if (options.isJson) {
    output.print(printRow({ kind: 'currency', debtorId, ...config }));
    return 0;
  }
  for (const property of properties) {
    output.print(`${property}: ${printProperty(config, property)}`);
  }
  return 0;
}

function printProperty({ rate, limit, info }: RootConfigData, property: Property): string {
  switch (property) {
    case 'limit':
      return limit === MAX_INT64 ? 'none' : limit.toString();
    case 'rate':
      return `${rate} % a year`;
    case 'info':
      return info === undefined ? 'none' : printInfo(info);
    default:
      return property satisfies never;
  }
}

function printInfo({ iri, contentType, sha256 }: DebtorInfo): string {
  return [iri, contentType, sha256 && `SHA-256 ${sha256}`].filter((part) => part !== '').join(', ');
}
