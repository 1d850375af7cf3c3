/** The accounts as they are in the tables now, and the transfers of one of them. */

import type { AccountOrder, AccountRow, ListPage, TransferRow } from '../answers.ts';
import { Reading, Unreadable, useList, type ViewProps } from './ledger-parts.tsx';
import { useAnswer, useSlowVersion } from './live.ts';
import {
  Hint,
  NumberCell,
  NumberHeading,
  Pages,
  SearchField,
  type ShownTransfer,
  Steady,
  TransferTable,
  Trouble,
} from './parts.tsx';
import { link, replaceRoute } from './route.ts';
import { printTransferKey, type TransferStories } from './transfer-stories.ts';
import { amount, dateAndTime } from './words.ts';

export function AccountsView(props: ViewProps) {
  const { params } = props.route;
  const { value: list, trouble } = useList<AccountRow>('accounts', props);
  const [only] = list?.count === 1 ? list.rows : [];
  return (
    <>
      <h2>Accounts</h2>
      <Trouble words={trouble} />
      <div class="tools">
        <SearchField
          value={params.q ?? ''}
          placeholder="debtor/creditor, or a part of it"
          onChange={(q) => replaceRoute('accounts', { ...params, q, page: '' })}
        />
        <SortField
          value={params.sort ?? ''}
          onChange={(sort) => replaceRoute('accounts', { ...params, sort, page: '' })}
        />
      </div>
      {list === undefined ? <Reading trouble={trouble} /> : <AccountTable list={list} {...props} />}
      {only !== undefined && <SentTransfers accountKey={only.key} {...props} />}
    </>
  );
}

const SORTS: readonly (readonly [sort: AccountOrder, words: string])[] = [
  ['account', 'account'],
  ['principal', 'principal, the greatest first'],
  ['locked', 'locked, the most first'],
  ['available', 'available, the most first'],
];

function SortField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (sort: string) => void;
}) {
  return (
    <label>
      Sorted by
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {SORTS.map(([sort, words]) => (
          <option key={sort} value={sort === 'account' ? '' : sort}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function AccountTable({
  list,
  route: { params },
  about: { hasFeed },
}: ViewProps & { readonly list: ListPage<AccountRow> }) {
  if (list.count === 0 && !list.isReading) {
    return <Hint>There is no such account.</Hint>;
  }
  return (
    <>
      <Unreadable list={list} />
      <table class="accounts">
        <caption>As of {dateAndTime(list.at)}</caption>
        <thead>
          <tr>
            <th scope="col">Account (debtor:creditor)</th>
            {['Principal', 'Interest', 'Rate', 'Locked', 'Available'].map((name) => (
              <NumberHeading key={name} name={name} />
            ))}
          </tr>
        </thead>
        <tbody>
          {list.rows.map((account) => (
            <Account key={account.key} account={account} hasFeed={hasFeed} />
          ))}
        </tbody>
      </table>
      <Pages list={list} noun="account" linkTo={(page) => link('accounts', { ...params, page })} />
    </>
  );
}

interface AccountProps {
  readonly account: AccountRow;
  readonly hasFeed: boolean;
}

class Account extends Steady<AccountProps> {
  override render({ account, hasFeed }: AccountProps) {
    const { key, isRoot, state } = account;
    const [debtor, creditor] = key.split(':');
    const cells = [
      ['Principal', amount(account.principal)],
      ['Interest', account.interest.toFixed(4).replace(/\.?0+$/, '')],
      ['Rate', `${account.interestRate} %`],
      ['Locked', amount(account.locked)],
      ['Available', amount(account.available)],
    ] as const;
    return (
      <tr>
        <th scope="row">
          <a class="mono" href={link('accounts', { q: key })}>
            {key}
          </a>{' '}
          {isRoot && <span class="chip">root</span>}
          {state !== 'open' && <span class="chip">{state}</span>}{' '}
          {hasFeed && (
            <a href={link('feed', { q: `debtor_id=${debtor} creditor_id=${creditor}` })}>messages</a>
          )}
        </th>
        {cells.map(([name, text]) => (
          <NumberCell key={name} name={name} text={text} />
        ))}
      </tr>
    );
  }
}

function SentTransfers({
  accountKey,
  feed,
  about: { hasFeed },
}: ViewProps & { readonly accountKey: string }) {
  const address = `/api/transfers?account=${encodeURIComponent(accountKey)}`;
  const { value: rows, trouble } = useAnswer<readonly TransferRow[]>(address, useSlowVersion(feed));
  const [debtorId = ''] = accountKey.split(':');
  return (
    <>
      <Trouble words={trouble} />
      {rows !== undefined && <h3>Transfers that it has sent</h3>}
      {rows?.length === 0 && (
        <Hint>It has sent none, or they were finished long ago and are no longer kept.</Hint>
      )}
      {rows !== undefined && rows.length > 0 && (
        <TransferTable
          caption="As they are kept in the table; those finished long ago are gone, and no more than 200 are shown."
          heading="Transfer"
          transfers={rows.map((row) => shown(row, debtorId, hasFeed ? feed.store.stories : undefined))}
        />
      )}
    </>
  );
}

/** What the table does not keep of a rejected transfer, its messages tell, as long as the feed has them. */
function shown(row: TransferRow, debtorId: string, stories: TransferStories | undefined): ShownTransfer {
  const key = printTransferKey({ debtorId, ...row });
  const { transferId: label, status: state, recipient } = row;
  const amountOfRow = row.amount || (stories?.find(key)?.amount ?? '');
  return { label, timelineKey: stories === undefined ? '' : key, state, recipient, amount: amountOfRow };
}
