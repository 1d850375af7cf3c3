/** Breaks text into lines that a narrow terminal can show. */

/**
 * The text's words in lines of at most `width` characters; a word that is longer has a line of its own. Lines after the
 * first begin with `indent`.
 */
export function wrap(text: string, width: number, indent = ''): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width, indent))
    .join('\n');
}

function wrapLine(text: string, width: number, indent: string): string {
  if (text.length <= width) {
    return text;
  }
  const lines: string[] = [];
  const [margin = ''] = /^ */.exec(text) ?? [];
  let line = margin;
  for (const word of text.trim().split(/ +/)) {
    const longer = line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
    if (longer.length > width && line.trim() !== '') {
      lines.push(line);
      line = `${margin}${indent}${word}`;
    } else {
      line = longer;
    }
  }
  return [...lines, line].join('\n');
}
