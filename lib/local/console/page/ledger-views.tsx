/** The tables as they are now: currencies with their sums, and accounts. */

import type { AccountRow, CurrencyRow, LedgerView } from '../ledger-view.ts';
import type { TransferRow } from '../transfer-rows.ts';
import { type LiveFeed, useAnswer, useSlowVersion } from './live.ts';
import { NumberCell, NumberHeading, SearchField, type ShownTransfer, TransferTable } from './parts.tsx';
import { link, type Route, replaceRoute } from './route.ts';
import { printTransferKey } from './transfers.ts';
import { amount, clockTime } from './words.ts';

function useLedger(feed: LiveFeed, text: string): LedgerView | undefined {
  const version = useSlowVersion(feed.entries.at(-1)?.seq ?? 0);
  return useAnswer<LedgerView>(`/api/ledger?q=${encodeURIComponent(text)}`, version);
}

export function CurrenciesView({ feed }: { readonly feed: LiveFeed }) {
  const ledger = useLedger(feed, '');
  if (ledger === undefined) {
    return <p class="quiet">Reading the tables …</p>;
  }
  return (
    <>
      <h2>Currencies</h2>
      <p class="faint">
        Together 0 means: the debtor owes what the others own, and no token was made or lost. Amounts that are
        on their way to a recipient count.
      </p>
      <Unreadable ledger={ledger} />
      {ledger.currencies.length === 0 ? (
        <p class="quiet">
          There is no currency yet. <a href={link('send/ConfigureAccount')}>Open one.</a>
        </p>
      ) : (
        <table>
          <caption>As of {clockTime(ledger.at)}</caption>
          <thead>
            <tr>
              <th scope="col">Debtor</th>
              <NumberHeading name="Accounts" />
              <NumberHeading name="On the way" />
              <th scope="col">Check</th>
            </tr>
          </thead>
          <tbody>
            {ledger.currencies.map((currency) => (
              <Currency key={currency.debtorId} currency={currency} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Currency({ currency }: { readonly currency: CurrencyRow }) {
  const { debtorId, accountCount, underWay, together } = currency;
  return (
    <tr>
      <th scope="row">
        <a class="mono" href={link('accounts', { q: `${debtorId}:` })}>
          {debtorId}
        </a>
      </th>
      <NumberCell name="Accounts" text={amount(`${accountCount}`)} />
      <NumberCell name="On the way" text={amount(underWay)} />
      <td>
        {together === '0' ? (
          <span class="good">together 0 ✓</span>
        ) : (
          <span class="bad">together {amount(together)}: read while it changed; the audit is exact</span>
        )}
      </td>
    </tr>
  );
}

function Unreadable({ ledger: { unreadable } }: { readonly ledger: LedgerView }) {
  return unreadable.length === 0 ? null : (
    <div class="card bad" role="alert">
      <b>Items that can't be read: {unreadable.length}</b>
      <ul>
        {unreadable.slice(0, 10).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}

export function AccountsView({
  route: { params },
  feed,
}: {
  readonly route: Route;
  readonly feed: LiveFeed;
}) {
  const { q = '' } = params;
  const ledger = useLedger(feed, q);
  const [only] = ledger?.accountCount === 1 ? ledger.accounts : [];
  return (
    <>
      <h2>Accounts</h2>
      <div class="tools">
        <SearchField
          value={q}
          placeholder="debtor:creditor, or a part of it"
          onChange={(text) => replaceRoute('accounts', { q: text })}
        />
      </div>
      {ledger === undefined ? <p class="quiet">Reading the tables …</p> : <AccountTable ledger={ledger} />}
      {only !== undefined && <SentTransfers account={only} feed={feed} />}
    </>
  );
}

function AccountTable({ ledger }: { readonly ledger: LedgerView }) {
  const { accounts, accountCount, at } = ledger;
  if (accountCount === 0) {
    return <p class="quiet">There is no such account.</p>;
  }
  return (
    <table>
      <caption>
        {accounts.length < accountCount ? `${accounts.length} of ` : ''}
        {amount(`${accountCount}`)} accounts, as of {clockTime(at)}
      </caption>
      <thead>
        <tr>
          <th scope="col">Account (debtor:creditor)</th>
          {['Principal', 'Interest', 'Rate', 'Locked', 'Available'].map((name) => (
            <NumberHeading key={name} name={name} />
          ))}
        </tr>
      </thead>
      <tbody>
        {accounts.map((account) => (
          <Account key={`${account.debtorId}:${account.creditorId}`} account={account} />
        ))}
      </tbody>
    </table>
  );
}

function Account({ account }: { readonly account: AccountRow }) {
  const key = `${account.debtorId}:${account.creditorId}`;
  const cells = [
    ['Principal', amount(account.principal)],
    ['Interest', account.interest.toLocaleString('en', { maximumFractionDigits: 4 })],
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
        {account.creditorId === '0' && <span class="chip">root</span>}
        {account.isDeleted && <span class="chip">deleted</span>}{' '}
        <a href={link('feed', { q: `debtor_id=${account.debtorId} creditor_id=${account.creditorId}` })}>
          messages
        </a>
      </th>
      {cells.map(([name, text]) => (
        <NumberCell key={name} name={name} text={text} />
      ))}
    </tr>
  );
}

function SentTransfers({ account, feed }: { readonly account: AccountRow; readonly feed: LiveFeed }) {
  const version = useSlowVersion(feed.entries.at(-1)?.seq ?? 0);
  const key = `${account.debtorId}:${account.creditorId}`;
  const rows = useAnswer<readonly TransferRow[]>(
    `/api/transfers?account=${encodeURIComponent(key)}`,
    version,
  );
  if (rows === undefined || rows.length === 0) {
    return null;
  }
  return (
    <>
      <h3>Transfers that it has sent</h3>
      <TransferTable
        caption="As they are kept in the table"
        heading="Transfer"
        transfers={rows.slice(-200).map((row) => shown(account, row))}
      />
    </>
  );
}

function shown({ debtorId }: AccountRow, row: TransferRow): ShownTransfer {
  const { transferId: label, status: state, recipient, amount: paid } = row;
  return { label, timelineKey: printTransferKey({ debtorId, ...row }), state, recipient, amount: paid };
}
