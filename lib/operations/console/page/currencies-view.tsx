/** The currencies as they are in the tables now, with their sums. */

import type { CurrencyRow, ListPage } from '../answers.ts';
import { Reading, Unreadable, useList, type ViewProps } from './ledger-parts.tsx';
import { Hint, NumberCell, NumberHeading, Pages, SearchField, Steady, Trouble } from './parts.tsx';
import { link, replaceRoute } from './route.ts';
import { amount, dateAndTime } from './words.ts';

export function CurrenciesView(props: ViewProps) {
  const { params } = props.route;
  const { value: list, trouble } = useList<CurrencyRow>('currencies', props);
  return (
    <>
      <h2>Currencies</h2>
      <p class="faint">
        Together 0 means: the debtor owes what the others own, and no token was made or lost.
        {list?.rows.some(({ underWay }) => underWay === undefined)
          ? ' Amounts on their way to a recipient are missing here, since transfers are not read.'
          : ' Amounts that are on their way to a recipient count.'}
      </p>
      <Trouble words={trouble} />
      <div class="tools">
        <SearchField
          value={params.q ?? ''}
          placeholder="debtor ID, or a part of it"
          onChange={(text) => replaceRoute('currencies', { q: text })}
        />
      </div>
      {list === undefined ? <Reading trouble={trouble} /> : <CurrencyTable list={list} {...props} />}
    </>
  );
}

function CurrencyTable({
  list,
  route: { params },
  about: { canAct },
}: ViewProps & { readonly list: ListPage<CurrencyRow> }) {
  if (list.count === 0 && !list.isReading) {
    return (
      <Hint>
        {params.q ? 'There is no such currency.' : 'There is no currency yet.'}{' '}
        {canAct && <a href={link('send/ConfigureAccount')}>Open one.</a>}
      </Hint>
    );
  }
  return (
    <>
      <Unreadable list={list} />
      <table>
        <caption>As of {dateAndTime(list.at)}</caption>
        <thead>
          <tr>
            <th scope="col">Debtor</th>
            <NumberHeading name="Accounts" />
            <NumberHeading name="On the way" />
            <th scope="col">Check</th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((currency) => (
            <Currency key={currency.debtorId} currency={currency} isReading={list.isReading} />
          ))}
        </tbody>
      </table>
      <Pages list={list} noun="currency" linkTo={(page) => link('currencies', { ...params, page })} />
    </>
  );
}

interface CurrencyProps {
  readonly currency: CurrencyRow;
  readonly isReading: boolean;
}

class Currency extends Steady<CurrencyProps> {
  override render({ currency: { debtorId, accountCount, underWay, together }, isReading }: CurrencyProps) {
    return (
      <tr>
        <th scope="row">
          <a class="mono" href={link('accounts', { q: `${debtorId}:` })}>
            {debtorId}
          </a>
        </th>
        <NumberCell name="Accounts" text={amount(`${accountCount}`)} />
        <NumberCell name="On the way" text={underWay === undefined ? 'not read' : amount(underWay)} />
        <td>
          <Check together={together} isReading={isReading} hasTransfers={underWay !== undefined} />
        </td>
      </tr>
    );
  }
}

function Check({
  together,
  isReading,
  hasTransfers,
}: {
  readonly together: string;
  readonly isReading: boolean;
  readonly hasTransfers: boolean;
}) {
  if (isReading) {
    return <span class="faint">still reading …</span>;
  }
  if (together === '0') {
    return <span class="good">together 0 ✓</span>;
  }
  const reason = hasTransfers ? 'read while it changed' : 'on its way, or read while it changed';
  return (
    <span class="faint">
      together {amount(together)}: {reason}; the audit is exact
    </span>
  );
}
