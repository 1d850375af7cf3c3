/** Buttons: the audit, faults, and time. */

import { useState } from 'preact/hooks';
import type { ActionAnswer } from '../answers.ts';
import { type LiveFeed, press } from './live.ts';
import { Answer } from './send-view.tsx';
import { clockTime } from './words.ts';

export function ToolsView({ feed }: { readonly feed: LiveFeed }) {
  return (
    <>
      <h2>Tools</h2>
      <Audit />
      <Group
        title="Faults"
        words="What AWS may do to a function at any time. Nothing is lost and nothing is paid twice: try it, then look at the currencies or let the audit speak."
        action="fault"
        buttons={[
          ['Kill the next function', { kind: 'kill' }],
          ['Deliver the next batch twice', { kind: 'repeat' }],
          ['Hold the topics back for 10 s', { kind: 'hold' }],
        ]}
        feed={feed}
      />
      <Group
        title="Time"
        words="Moves the clock of the functions ahead, then runs the sweeps: they repeat what must not be forgotten, capitalize interest, end transfers that were never finalized, and remove what is over. npm start begins at the machine's time again."
        action="time"
        buttons={[
          ['A day ahead', { days: 1 }],
          ['A month ahead', { days: 30 }],
        ]}
      />
      <section class="card">
        <h3>Keys</h3>
        <p>
          <kbd>1</kbd> to <kbd>6</kbd> choose a view, <kbd>/</kbd> goes to the search, <kbd>Esc</kbd> leaves
          it. The address holds what is shown, so it can be sent to whoever sits at this machine.
        </p>
      </section>
    </>
  );
}

interface GroupProps {
  readonly title: string;
  readonly words: string;
  readonly action: string;
  readonly buttons: readonly (readonly [title: string, input: object])[];
  /** Tells of the faults that came of the buttons. */
  readonly feed?: LiveFeed;
}

function Group({ title, words, action, buttons, feed }: GroupProps) {
  const [isBusy, setBusy] = useState(false);
  const [pressedAfter, setPressedAfter] = useState(0);
  const [answer, setAnswer] = useState<ActionAnswer>();
  const run = async (input: object) => {
    setBusy(true);
    setPressedAfter(feed?.store.lastSeq ?? 0);
    setAnswer(await press(action, input));
    setBusy(false);
  };
  return (
    <section class="card">
      <h3>{title}</h3>
      <p class="faint">{words}</p>
      <div class="tools">
        {buttons.map(([name, input]) => (
          <button key={name} type="button" disabled={isBusy} onClick={() => run(input)}>
            {name}
          </button>
        ))}
      </div>
      <Answer answer={latestFault(feed, pressedAfter) ?? answer} />
    </section>
  );
}

/** What the feed tells of the latest fault after that entry. */
function latestFault(feed: LiveFeed | undefined, after: number): ActionAnswer | undefined {
  const fault = feed?.store.entries.findLast(({ kind, seq }) => kind === 'fault' && seq > after);
  return fault && { isGood: true, words: `At ${clockTime(fault.at)}, ${fault.label} ${fault.reason}` };
}

function Audit() {
  const [isBusy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<ActionAnswer>();
  const run = async () => {
    setBusy(true);
    setAnswer(await press('audit', {}));
    setBusy(false);
  };
  return (
    <section class="card">
      <h3>Audit</h3>
      <p class="faint">Reads both tables and says, for each currency, whether every guarantee holds.</p>
      <div class="tools">
        <button class="main" type="button" disabled={isBusy} onClick={run}>
          {isBusy ? 'Auditing …' : 'Audit now'}
        </button>
      </div>
      <div role="status">
        {answer !== undefined && (
          <>
            <p class={answer.isGood ? 'good' : 'bad'}>{answer.words.split('\n').at(-1)}</p>
            {answer.words.includes('\n') && (
              <details>
                <summary>The whole report</summary>
                <pre>{answer.words}</pre>
              </details>
            )}
          </>
        )}
      </div>
    </section>
  );
}
