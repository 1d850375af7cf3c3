/** The console's page: its frame, its views, and its keys. */

import { type ComponentChildren, render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { About } from '../answers.ts';
import { AccountsView } from './accounts-view.tsx';
import { CurrenciesView } from './currencies-view.tsx';
import { FeedView } from './feed-view.tsx';
import { type LiveFeed, useAnswer, useLiveFeed } from './live.ts';
import { Trouble } from './parts.tsx';
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

type View = (typeof VIEWS)[number];

/** Without a feed there is nothing to show of messages, and a console that only reads has no forms. */
function viewsOf({ hasFeed, canAct }: About): readonly View[] {
  const hidden: readonly string[] = [
    ...(hasFeed ? [] : ['feed', 'transfers']),
    ...(canAct ? [] : ['send', 'tools']),
  ];
  return VIEWS.filter(([view]) => !hidden.includes(view));
}

function Start() {
  const { value: about, trouble } = useAnswer<About>('/api/about');
  return about === undefined ? <Trouble words={trouble} /> : <App about={about} />;
}

function App({ about }: { readonly about: About }) {
  const views = viewsOf(about);
  const asked = useRoute();
  const route = views.some(([view]) => view === asked.view) ? asked : { ...asked, view: views[0]?.[0] ?? '' };
  const feed = useLiveFeed(about);
  useKeys(views);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header>
        <div class="bar">
          <h1>Accounting authority</h1>
          <small class="grow">{about.title}</small>
          {about.hasFeed && <Connection feed={feed} />}
          <ThemeButton />
        </div>
        <nav aria-label="Views">
          <ul>
            {views.map(([view, title], index) => (
              <li key={view}>
                <a
                  href={link(view)}
                  aria-current={route.view === view ? 'page' : undefined}
                  aria-keyshortcuts={`${index + 1}`}
                  data-title={title}
                >
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {viewOf(route, feed, about)}
      </main>
    </>
  );
}

function viewOf(route: Route, feed: LiveFeed, about: About): ComponentChildren {
  const props = { route, feed, about };
  switch (route.view) {
    case 'currencies':
      return <CurrenciesView {...props} />;
    case 'accounts':
      return <AccountsView {...props} />;
    case 'transfers':
      return <TransfersView {...props} />;
    case 'send':
      return <SendView route={route} />;
    case 'tools':
      return <ToolsView feed={feed} />;
    default:
      return <FeedView {...props} />;
  }
}

function Connection({ feed: { isConnected } }: { readonly feed: LiveFeed }) {
  return (
    <small role="status" class={isConnected ? 'good' : 'bad'}>
      {isConnected ? '● live' : '○ not connected: was it stopped?'}
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
function useKeys(views: readonly View[]): void {
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
      const view = views[Number(event.key) - 1];
      if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLInputElement>('input[type="search"]')?.focus();
      } else if (view !== undefined) {
        location.hash = link(view[0]);
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [views.length]);
}

const root = document.getElementById('app');
if (root !== null) {
  render(<Start />, root);
}
