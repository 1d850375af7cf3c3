/** How the demo looks: headings, lines, progress. Colours and motion appear only on a terminal. */

import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

export interface Screen {
  readonly title: (text: string) => void;
  readonly message: (message: ShownMessage) => void;
  readonly line: (text: string, style?: Style) => void;
  /** Shows that work is under way. @returns a function that ends it and prints a line in its place */
  readonly progress: (text: string) => (line: string) => void;
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
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 80;

export function createScreen(output: NodeJS.WriteStream): Screen {
  const styled = (style: Style, text: string) => styleText(style, text, { stream: output });
  const write = (text: string) => void output.write(`${text}\n`);
  return {
    title: (text) => write(`\n${styled('bold', text)}`),
    message: ({ direction, seconds, type, words }) => {
      const [arrow, color] = ARROWS[direction];
      const time = styled('dim', `${seconds.toFixed(2)} s`.padStart(8));
      write(`${time}  ${styled(color, arrow)} ${styled('dim', type.padEnd(TYPE_WIDTH))}  ${words}`);
    },
    line: (text, style) => write(style === undefined ? text : styled(style, text)),
    progress: (text) => showProgress(output, text),
  };
}

function showProgress(output: NodeJS.WriteStream, text: string): (line: string) => void {
  if (!output.isTTY) {
    return (line) => void output.write(`${line}\n`);
  }
  let frame = 0;
  const draw = () => output.write(`\r\x1b[K${FRAMES[frame++ % FRAMES.length]} ${text}`);
  draw();
  const timer = setInterval(draw, FRAME_MS);
  return (line) => {
    clearInterval(timer);
    output.write(`\r\x1b[K${line}\n`);
  };
}
