/** Pieces that several views show. */

import { link } from './route.ts';
import { amount } from './words.ts';

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
  /** Names its timeline. */
  readonly timelineKey: string;
  readonly state: string;
  /** Left out where all transfers have the same. */
  readonly sender?: string;
  readonly recipient: string;
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
      <caption>{caption}</caption>
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
          <tr key={transfer.label}>
            <th scope="row">
              <a class="mono" href={link('transfers', { t: transfer.timelineKey })}>
                {transfer.label}
              </a>
            </th>
            <td data-name="State">
              <span class="chip">{transfer.state}</span>
            </td>
            {hasSenders && (
              <td data-name="From" class="mono">
                {transfer.sender}
              </td>
            )}
            <td data-name="To" class="mono">
              {transfer.recipient}
            </td>
            <NumberCell name="Amount" text={amount(transfer.amount)} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}
