/** The feed: every message in and out, the latest first, with filter and search. */

import { useState } from 'preact/hooks';
import type { About } from '../answers.ts';
import type { LiveFeed } from './live.ts';
import type { LiveEntry } from './live-entry.ts';
import { FeedBeginning, Hint, Message, SearchField, Steady } from './parts.tsx';
import { link, type Route, replaceRoute } from './route.ts';
import { matcher } from './search.ts';
import { isUndecided, type TransferStories } from './transfer-stories.ts';
import { clockTime, detailsOf, KIND_WORDS } from './words.ts';

/** More rows than anybody reads would only cost time; whoever wants more asks for them. */
const ROWS_AT_FIRST = 25;

export function FeedView({
  route: { params },
  feed,
  about: { canAct },
}: {
  readonly route: Route;
  readonly feed: LiveFeed;
  readonly about: About;
}) {
  const { q = '', kind = '' } = params;
  const [held, setHeld] = useState<readonly LiveEntry[]>();
  const [rowCount, setRowCount] = useState(ROWS_AT_FIRST);
  const found = search(held ?? feed.store.entries, { q, kind, rowCount });
  const change = (changes: Record<string, string>) => replaceRoute('feed', { ...params, ...changes });
  return (
    <>
      <h2>Messages</h2>
      <div class="tools">
        <SearchField
          value={q}
          placeholder="type, account, reason, amount=500 …"
          onChange={(text) => change({ q: text })}
        />
        <label>
          Show
          <select value={kind} onChange={({ currentTarget }) => change({ kind: currentTarget.value })}>
            <option value="">everything</option>
            <option value="in">→ in</option>
            <option value="out">← out</option>
            <option value="none">✗ refused or without effect</option>
          </select>
        </label>
        <button
          type="button"
          aria-pressed={held !== undefined}
          onClick={() => {
            setHeld(held === undefined ? [...feed.store.entries] : undefined);
            setRowCount(ROWS_AT_FIRST);
          }}
        >
          {held === undefined ? 'Pause' : 'Go on'}
        </button>
      </div>
      {found.length === 0 ? (
        <Quiet isFiltered={q + kind !== ''} canAct={canAct} />
      ) : (
        <FeedTable entries={found} stories={feed.store.stories} canAct={canAct} />
      )}
      {found.length === rowCount && (
        <p>
          <button
            type="button"
            onClick={() => {
              // Whoever reads older ones does not want them to move away.
              setHeld(held ?? [...feed.store.entries]);
              setRowCount(2 * rowCount);
            }}
          >
            {held === undefined ? 'Pause and show older ones' : 'Show older ones'}
          </button>
        </p>
      )}
    </>
  );
}

interface Search {
  readonly q: string;
  readonly kind: string;
  readonly rowCount: number;
}

function search(entries: readonly LiveEntry[], { q, kind, rowCount }: Search): readonly LiveEntry[] {
  const matches = matcher(q);
  const found: LiveEntry[] = [];
  for (let index = entries.length - 1; index >= 0 && found.length < rowCount; index -= 1) {
    const entry = entries[index] as LiveEntry;
    if (isOfKind(entry, kind) && matches(entry.words)) {
      found.push(entry);
    }
  }
  return found;
}

function isOfKind({ kind, type }: LiveEntry, wanted: string): boolean {
  if (wanted === 'none') {
    return kind !== 'in' && (kind !== 'out' || type.startsWith('Rejected'));
  }
  return wanted === '' || kind === wanted;
}

function Quiet({ isFiltered, canAct }: { readonly isFiltered: boolean; readonly canAct: boolean }) {
  if (isFiltered) {
    return <Hint>No message matches.</Hint>;
  }
  return (
    <Hint>
      <FeedBeginning canAct={canAct} />
      {canAct && (
        <>
          {' '}
          <a href={link('send/ConfigureAccount')}>Send a message</a>, or let a client do so.
        </>
      )}
    </Hint>
  );
}

interface FeedTableProps {
  readonly entries: readonly LiveEntry[];
  readonly stories: TransferStories;
  readonly canAct: boolean;
}

function FeedTable({ entries, stories, canAct }: FeedTableProps) {
  return (
    <table class="feed">
      <caption>The latest first. Times are UTC, on the clock of the functions.</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Way</th>
          <th scope="col">Message</th>
          <th scope="col">Account</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <FeedRow
            key={entry.seq}
            entry={entry}
            timelineKey={stories.keyOf(entry)}
            canFinalize={canAct && isUndecided(entry, stories)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface FeedRowProps {
  readonly entry: LiveEntry;
  /** Names its transfer, as soon as that is known. */
  readonly timelineKey: string | undefined;
  /** Whether it tells of a transfer that can be committed or dismissed. */
  readonly canFinalize: boolean;
}

/** An entry never changes, so that its row is seldom made anew. */
class FeedRow extends Steady<FeedRowProps> {
  override shouldComponentUpdate({ entry, timelineKey, canFinalize }: FeedRowProps): boolean {
    const { props } = this;
    const isSame = entry === props.entry && timelineKey === props.timelineKey;
    return !isSame || canFinalize !== props.canFinalize;
  }

  override render(props: FeedRowProps) {
    const { entry } = props;
    const { seq, at, kind, type, fields, label, hasBody } = entry;
    const { debtor_id: debtor = '', creditor_id: creditor = '' } = fields;
    const refusal = refusalIn(entry);
    const details = detailsOf(entry);
    return (
      <tr>
        <td>
          <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time>
        </td>
        <td class={`kind ${kind}`}>{KIND_WORDS[kind]}</td>
        <td>
          <b>{type || (kind === 'warning' || kind === 'fault' ? label : 'no message of the protocol')}</b>{' '}
          <FeedLinks {...props} />
          {refusal !== '' && <div class="bad">{refusal}</div>}
          {hasBody ? (
            <Message seq={seq} summary={details || 'the whole message'} />
          ) : (
            details !== '' && <div class="details">{details}</div>
          )}
        </td>
        <td>
          {debtor !== '' && (
            <a class="mono" href={link('accounts', { q: `${debtor}:${creditor}` })}>
              {debtor}:{creditor}
            </a>
          )}
        </td>
      </tr>
    );
  }
}

/** Why the message had no effect, or what it says was refused; empty if neither. */
function refusalIn({ reason, fields: { status_code = 'OK', rejection_code = '' } }: LiveEntry): string {
  return reason || rejection_code || (status_code === 'OK' ? '' : status_code);
}

/** What one may want to do with the message. */
function FeedLinks({ entry: { fields }, timelineKey, canFinalize }: FeedRowProps) {
  if (timelineKey === undefined) {
    return null;
  }
  const { debtor_id, creditor_id, transfer_id, coordinator_type, coordinator_id, coordinator_request_id } =
    fields;
  const names = {
    debtor_id,
    creditor_id,
    transfer_id,
    coordinator_type,
    coordinator_id,
    coordinator_request_id,
  };
  const finalize = (committed_amount = '') =>
    link('send/FinalizeTransfer', { ...(names as Record<string, string>), committed_amount });
  return (
    <>
      <a href={link('transfers', { t: timelineKey })}>timeline</a>
      {canFinalize && (
        <>
          {' · '}
          <a href={finalize(fields.locked_amount)}>commit</a>
          {' · '}
          <a href={finalize('0')}>dismiss</a>
        </>
      )}
    </>
  );
}
