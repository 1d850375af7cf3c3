/** The transfers that the feed tells of, and the timeline of each. */

import { useState } from 'preact/hooks';
import type { About } from '../answers.ts';
import type { LiveFeed } from './live.ts';
import {
  FeedBeginning,
  Hint,
  Message,
  SearchField,
  type ShownTransfer,
  Steady,
  TransferTable,
} from './parts.tsx';
import { link, type Route, replaceRoute } from './route.ts';
import { matcher } from './search.ts';
import type { TransferState, TransferStory } from './transfer-stories.ts';
import { clockTime, detailsOf, KIND_WORDS } from './words.ts';

const ROWS_AT_FIRST = 50;

const MEANINGS: Readonly<Record<TransferState, string>> = {
  ignored: 'The message had no effect; the reason is below.',
  refused: 'The message went to the dead letters; the reason is below.',
  requested: 'The request is under way.',
  rejected: 'The request was rejected; nothing was locked.',
  prepared: 'The amount is locked, until it is committed or dismissed.',
  dismissed: 'The lock was released; nothing was paid.',
  committed: 'The amount has left the sender. (A root account and a negligible amount get no notice.)',
  credited: 'The recipient has the amount.',
  failed: 'The commit failed; nothing was paid.',
};

export function TransfersView({
  route: { params },
  feed: { store },
  about: { canAct },
}: {
  readonly route: Route;
  readonly feed: LiveFeed;
  readonly about: About;
}) {
  const [rowCount, setRowCount] = useState(ROWS_AT_FIRST);
  const chosen = params.t === undefined ? undefined : store.stories.find(params.t);
  const { q = '' } = params;
  const matches = matcher(q);
  const found = store.stories.latest(rowCount, ({ words }) => matches(words));
  return (
    <>
      <h2>Transfers</h2>
      {params.t !== undefined && (
        <section class="card" aria-label="Timeline">
          {chosen === undefined ? (
            <p>The feed has no transfer {params.t} any more.</p>
          ) : (
            <Timeline story={chosen} />
          )}
        </section>
      )}
      <div class="tools">
        <SearchField
          value={q}
          placeholder="state, account, amount, note …"
          onChange={(text) => replaceRoute('transfers', { ...params, q: text })}
        />
      </div>
      {found.length === 0 ? (
        <Hint>
          {q === '' ? <FeedBeginning canAct={canAct} /> : 'No transfer matches.'}{' '}
          {canAct && <a href={link('send/PrepareTransfer')}>Ask for one.</a>}
        </Hint>
      ) : (
        <TransferTable
          caption="Of the messages in the feed, the latest first."
          heading="Request"
          transfers={found.map(shown)}
        />
      )}
      {found.length === rowCount && (
        <p>
          <button type="button" onClick={() => setRowCount(2 * rowCount)}>
            Show older ones
          </button>
        </p>
      )}
    </>
  );
}

function shown({ key, state, sender, recipient, amount }: TransferStory): ShownTransfer {
  return { label: key, timelineKey: key, state, sender, recipient, amount };
}

class Timeline extends Steady<{ readonly story: TransferStory }> {
  override render({ story: { key, state, entries } }: { readonly story: TransferStory }) {
    const first = entries[0]?.at ?? 0;
    return (
      <>
        <h3>
          <span class="mono">{key}</span> <span class="chip">{state}</span>
        </h3>
        <p>{MEANINGS[state]}</p>
        <ol class="timeline">
          {entries.map((entry) => (
            <li key={entry.seq}>
              <time dateTime={new Date(entry.at).toISOString()}>{clockTime(entry.at)}</time>{' '}
              <span class="faint">+{((entry.at - first) / 1000).toFixed(2)} s</span>{' '}
              <span class={`kind ${entry.kind}`}>{KIND_WORDS[entry.kind]}</span> <b>{entry.type}</b>
              {entry.reason !== '' && <div class="bad">{entry.reason}</div>}
              {entry.hasBody && <Message seq={entry.seq} summary={detailsOf(entry)} />}
            </li>
          ))}
        </ol>
      </>
    );
  }
}
