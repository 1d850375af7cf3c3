/** The console's page: its frame, its views, and its keys. */

import { type ComponentChildren, render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { FeedView } from './feed-view.tsx';
import { AccountsView, CurrenciesView } from './ledger-views.tsx';
import { type LiveFeed, useLiveFeed } from './live.ts';
import { link, type Route, useRoute } from './route.ts';
import { SendView } from './send-view.tsx';
import { ToolsView } from './tools-view.tsx';
import { TransfersView } from './transfers-view.tsx';

const VIEWS = [
  ['feed', 'Feed'],
  ['currencies', 'Currencies'],
  ['accounts', 'Accounts'],
  ['transfers', 'Transfers'],
  ['send', 'Send'],
  ['tools', 'Tools'],
] as const;

function App() {
  const route = useRoute();
  const feed = useLiveFeed();
  useKeys();
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header>
        <div class="bar">
          <h1>Accounting authority</h1>
          <small class="grow">the local run of this machine</small>
          <Connection feed={feed} />
          <ThemeButton />
        </div>
        <nav aria-label="Views">
          <ul>
            {VIEWS.map(([view, title], index) => (
              <li key={view}>
                <a
                  href={link(view)}
                  aria-current={route.view === view ? 'page' : undefined}
                  aria-keyshortcuts={`${index + 1}`}
                >
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {viewOf(route, feed)}
      </main>
    </>
  );
}

function viewOf(route: Route, feed: LiveFeed): ComponentChildren {
  switch (route.view) {
    case 'currencies':
      return <CurrenciesView feed={feed} />;
    case 'accounts':
      return <AccountsView route={route} feed={feed} />;
    case 'transfers':
      return <TransfersView route={route} feed={feed} />;
    case 'send':
      return <SendView route={route} feed={feed} />;
    case 'tools':
      return <ToolsView />;
    default:
      return <FeedView route={route} feed={feed} />;
  }
}

function Connection({ feed: { isConnected } }: { readonly feed: LiveFeed }) {
  return (
    <small role="status" class={isConnected ? 'good' : 'bad'}>
      {isConnected ? '● live' : '○ not connected: is npm start running?'}
    </small>
  );
}

const THEMES: readonly string[] = ['system', 'light', 'dark'];

function ThemeButton() {
  const [theme, setTheme] = useState(localStorage.getItem('theme') ?? 'system');
  useEffect(() => {
    localStorage.setItem('theme', theme);
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  return (
    <button type="button" onClick={() => setTheme(next)} title={`Change to ${next}`}>
      Colours: {theme}
    </button>
  );
}

/** Digits choose a view, `/` goes to the search, Escape leaves it. */
function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key === 'Escape') {
        target.blur();
        return;
      }
      const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      const view = VIEWS[Number(event.key) - 1];
      if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLInputElement>('input[type="search"]')?.focus();
      } else if (view !== undefined) {
        location.hash = link(view[0]);
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

const root = document.getElementById('app');
if (root !== null) {
  render(<App />, root);
}
