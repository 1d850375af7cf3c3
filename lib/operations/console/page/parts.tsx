/** Pieces that several views show. */

import { Component, type ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ListPage } from '../answers.ts';
import { link } from './route.ts';
import { amount, counted, prettyBody } from './words.ts';

/** Is rendered anew only when what it shows has changed: lists are asked for every second and seldom differ. */
export abstract class Steady<Props extends object> extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return JSON.stringify(next) !== JSON.stringify(this.props);
  }
}

/** A message that is fetched when somebody opens it. */
export function Message({ seq, summary }: { readonly seq: number; readonly summary: string }) {
  const [isOpen, setOpen] = useState(false);
  const [body, setBody] = useState<string>();
  useEffect(() => {
    if (isOpen && body === undefined) {
      fetch(`/api/message?seq=${seq}`)
        .then((response) => response.text())
        .then(setBody)
        .catch(() => setBody('The console does not answer.'));
    }
  }, [isOpen]);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary class="details">{summary}</summary>
      {isOpen && <pre>{prettyBody(body ?? '…')}</pre>}
    </details>
  );
}

/** What went wrong, if anything did. */
export function Trouble({ words }: { readonly words: string }) {
  return words === '' ? null : (
    <p class="card bad" role="alert">
      {words}
    </p>
  );
}

/** What a list is of, and how to get to its other parts. */
export function Pages({
  list: { first, rows, count, maxRows, isReading },
  noun,
  linkTo,
}: {
  readonly list: ListPage<unknown>;
  readonly noun: string;
  /** @param page from 1 */
  readonly linkTo: (page: string) => string;
}) {
  const isPart = rows.length < count && rows.length > 0;
  const page = Math.round(first / maxRows) + 1;
  return (
    <nav class="pages" aria-label="Pages">
      {page > 1 && <a href={linkTo(page === 2 ? '' : `${page - 1}`)}>‹ Previous</a>}
      <span role="status">
        {isReading && 'Reading the tables: '}
        {isPart && `${amount(`${first + 1}`)} to ${amount(`${first + rows.length}`)} of `}
        {counted(count, noun)}
        {isReading && ' so far'}
      </span>
      {first + rows.length < count && <a href={linkTo(`${page + 1}`)}>Next ›</a>}
    </nav>
  );
}

export function Hint({ children }: { readonly children: ComponentChildren }) {
  return <p class="quiet">{children}</p>;
}

/** Where to look for what happened before the feed began. */
export function FeedBeginning({ canAct }: { readonly canAct: boolean }) {
  return (
    <>
      The feed begins with {canAct ? 'this start' : 'this console'}; accounts and transfers are under{' '}
      <a href={link('accounts')}>Accounts</a>.
    </>
  );
}

export function SearchField({
  value,
  placeholder,
  onChange,
}: {
  readonly value: string;
  readonly placeholder: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <label class="wide">
      Search (press /)
      <input
        type="search"
        value={value}
        placeholder={placeholder}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </label>
  );
}

/** The heading of a column of numbers. */
export function NumberHeading({ name }: { readonly name: string }) {
  return (
    <th scope="col" class="number">
      {name}
    </th>
  );
}

/** @param props.name the heading of its column, which narrow screens show beside it */
export function NumberCell({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <td data-name={name} class="number">
      {text}
    </td>
  );
}

/** A transfer as a row of a table. */
export interface ShownTransfer {
  readonly label: string;
  /** Names its timeline; empty where there are none. */
  readonly timelineKey: string;
  readonly state: string;
  /** Left out where all transfers have the same. */
  readonly sender?: string;
  readonly recipient: string;
  /** What was paid, else what was locked or asked for; empty where nobody knows. */
  readonly amount: string;
}

export function TransferTable({
  caption,
  heading,
  transfers,
}: {
  readonly caption: string;
  /** What the labels are. */
  readonly heading: string;
  readonly transfers: readonly ShownTransfer[];
}) {
  const hasSenders = transfers.some(({ sender }) => sender !== undefined);
  return (
    <table>
      <caption>{caption} The amount is what was paid, else what was locked or asked for.</caption>
      <thead>
        <tr>
          <th scope="col">{heading}</th>
          <th scope="col">State</th>
          {hasSenders && <th scope="col">From</th>}
          <th scope="col">To</th>
          <NumberHeading name="Amount" />
        </tr>
      </thead>
      <tbody>
        {transfers.map((transfer) => (
          <TransferLine key={transfer.label} transfer={transfer} hasSender={hasSenders} />
        ))}
      </tbody>
    </table>
  );
}

interface TransferLineProps {
  readonly transfer: ShownTransfer;
  readonly hasSender: boolean;
}

class TransferLine extends Steady<TransferLineProps> {
  override render({ transfer, hasSender }: TransferLineProps) {
    return (
      <tr>
        <th scope="row">
          {transfer.timelineKey === '' ? (
            <span class="mono">{transfer.label}</span>
          ) : (
            <a class="mono" href={link('transfers', { t: transfer.timelineKey })}>
              {transfer.label}
            </a>
          )}
        </th>
        <td data-name="State">
          <span class="chip">{transfer.state}</span>
        </td>
        {hasSender && (
          <td data-name="From" class="mono">
            {transfer.sender}
          </td>
        )}
        <td data-name="To" class="mono">
          {transfer.recipient}
        </td>
        <NumberCell name="Amount" text={amount(transfer.amount || '—')} />
      </tr>
    );
  }
}
