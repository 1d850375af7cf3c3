/** How the demo looks: headings, lines, progress. Colours and motion appear only on a terminal; text fits into 40 columns. */

import { styleText } from 'node:util';
import { wrap } from './wrapped-text.ts';

type Style = Parameters<typeof styleText>[0];

export interface Screen {
  readonly title: (text: string) => void;
  readonly message: (message: ShownMessage) => void;
  readonly line: (text: string, style?: Style) => void;
  /** Shows that work is under way. @returns a function that ends it, and prints a line in its place if there is one */
  readonly progress: (text: string) => (line?: string) => void;
}

export interface ShownMessage {
  readonly direction: 'in' | 'out' | 'aside';
  /** When it went in or came out, since the demo began. */
  readonly seconds: number;
  readonly type: string;
  /** What it says. */
  readonly words: string;
}

const ARROWS = { in: ['→', 'cyan'], out: ['←', 'green'], aside: ['✗', 'yellow'] } as const;
/** As wide as the longest name of a message type. */
const TYPE_WIDTH = 'FinalizedTransfer'.length;
/** Narrower terminals get time, type and words of a message in two lines or more. */
const MIN_WIDTH_FOR_ONE_LINE = 90;
/** Of a file, a pipe, or a terminal that does not tell. */
const DEFAULT_WIDTH = 100;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 80;

type Output = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;

/** @param environment COLUMNS tells the width where the output does not */
export function createScreen(
  output: NodeJS.WriteStream,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Screen {
  const styled = (style: Style, text: string) => styleText(style, text, { stream: output });
  const write = (text: string) => void output.write(`${text}\n`);
  const width = () => widthOf(output, environment);
  return {
    title: (text) => write(`\n${styled('bold', wrap(text, width()))}`),
    message: ({ direction, seconds, type, words }) => {
      const [arrow, color] = ARROWS[direction];
      const time = `${seconds.toFixed(2)} s`;
      if (width() >= MIN_WIDTH_FOR_ONE_LINE) {
        const begin = `${styled('dim', time.padStart(8))}  ${styled(color, arrow)}`;
        write(`${begin} ${styled('dim', type.padEnd(TYPE_WIDTH))}  ${words}`);
        return;
      }
      write(`${styled(color, arrow)} ${styled('dim', `${type}, ${time}`)}`);
      write(wrap(`  ${words}`, width()));
    },
    line: (text, style) => {
      const wrapped = wrap(text, width());
      write(style === undefined ? wrapped : styled(style, wrapped));
    },
    progress: (text) => showProgress(output, text, width),
  };
}

function widthOf({ columns }: Output, { COLUMNS }: Readonly<Record<string, string | undefined>>): number {
  return columns || Number(COLUMNS) || DEFAULT_WIDTH;
}

function showProgress(output: Output, text: string, width: () => number): (line?: string) => void {
  if (!output.isTTY) {
    return (line) => void (line === undefined || output.write(`${line}\n`));
  }
  let frame = 0;
  // A line that the terminal wraps could not be drawn over.
  const draw = () => {
    const line = `${FRAMES[frame++ % FRAMES.length]} ${text}`;
    output.write(`\r\x1b[K${line.slice(0, width() - 1)}`);
  };
  draw();
  const timer = setInterval(draw, FRAME_MS);
  return (line) => {
    clearInterval(timer);
    output.write(line === undefined ? '\r\x1b[K' : `\r\x1b[K${wrap(line, width())}\n`);
  };
}
