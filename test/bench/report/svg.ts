/** Writes SVG as text: elements, escaped labels, and the common style. The shapes are chosen elsewhere. */

export type Attributes = Readonly<Record<string, string | number>>;

/** Most people with colour blindness can distinguish these, too. */
export const COLORS = ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9'] as const;
export const INK = '#222222';
export const FAINT_INK = '#666666';
export const GRID = '#dddddd';
const PAPER = '#ffffff';
const FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif";

/** An estimate, for the font in its regular weight. */
const WIDTH_OF_LETTER = 0.56;

export function colorOf(index: number): string {
  return COLORS[index % COLORS.length] ?? INK;
}

export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? printNumber(value) : escapeXml(value)}"`,
  );
  return children.length === 0
    ? `<${name}${written.join('')}/>`
    : `<${name}${written.join('')}>${children.join('')}</${name}>`;
}

/** @param content any text; it is escaped here */
export function label(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, 'font-size': 12, fill: INK, ...attributes }, escapeXml(content));
}

export function line(from: readonly [number, number], to: readonly [number, number], stroke: string): string {
  return element('line', { x1: from[0], y1: from[1], x2: to[0], y2: to[1], stroke });
}

/** A whole picture with its title at the top left, and room for the rest from `TITLE_HEIGHT` on. */
export function picture(
  title: string,
  size: { readonly width: number; readonly height: number },
  shapes: readonly string[],
): string {
  const { width, height } = size;
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${printNumber(width)} ${printNumber(height)}`,
    width,
    height,
    role: 'img',
    'font-family': FONT,
  };
  const content = [
    element('title', {}, escapeXml(title)),
    element('rect', { width, height, fill: PAPER }),
    label(16, 26, title, { 'font-size': 16, 'font-weight': 'bold' }),
    ...shapes,
  ];
  return `${element('svg', root, '\n', content.join('\n'), '\n')}\n`;
}

export const TITLE_HEIGHT = 40;

/** A legend of the colours in one row. */
export function legend(
  x: number,
  y: number,
  entries: readonly { readonly name: string; readonly color: string }[],
): string {
  let left = x;
  const shapes = entries.flatMap(({ name, color }) => {
    const start = left;
    left += 18 + textWidth(name, 12) + 18;
    return [
      element('rect', { x: start, y: y - 10, width: 12, height: 12, rx: 2, fill: color }),
      label(start + 18, y, name),
    ];
  });
  return element('g', {}, ...shapes);
}

/** The approximate width of a text. */
export function textWidth(text: string, fontSize: number): number {
  return text.length * fontSize * WIDTH_OF_LETTER;
}

/** XML allows no control characters, not even escaped ones. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Finer than a tenth of a pixel can't be seen. */
function printNumber(value: number): string {
  return `${Number.isFinite(value) ? Number(value.toFixed(1)) : 0}`;
}
