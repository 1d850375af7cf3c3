/** Checks that text is well-formed XML, as far as the report's charts use XML, and reads their labels. */

/** Text, a closing tag, or an opening tag with its attributes; nothing else is allowed. */
const TOKEN =
  /([^<>&]|&(?:amp|lt|gt|quot);)+|<\/([a-z]+)>|<([a-z]+)((?: [a-zA-Z][a-zA-Z0-9:-]*="(?:[^<>&"]|&(?:amp|lt|gt|quot);)*")*)(\/?)>/y;

/** @returns the open elements where the first fault is; `undefined` where there is none */
export function pathOfFault(xml: string): string | undefined {
  const open: string[] = [];
  let rootCount = 0;
  for (let at = 0; at < xml.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(xml);
    if (token === null) {
      return [...open, `character ${at}`].join('/');
    }
    const [, text, closed, opened, attributes = '', end] = token;
    const names = [...attributes.matchAll(/ ([a-zA-Z:-]+)=/g)].map(([, name]) => name);
    if (new Set(names).size < names.length) {
      return [...open, opened].join('/');
    }
    if (text !== undefined && open.length === 0 && token[0].trim() !== '') {
      return 'text outside';
    }
    if (closed !== undefined && open.pop() !== closed) {
      return [...open, closed].join('/');
    }
    if (opened !== undefined && open.length === 0) {
      rootCount += 1;
    }
    if (opened !== undefined && end === '') {
      open.push(opened);
    }
  }
  return open.length === 0 && rootCount === 1 ? undefined : [...open, 'the end'].join('/');
}

/** The labels of a chart in the order of its elements. */
export function labelsOf(svg: string | undefined): string[] {
  return [...(svg ?? '').matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) =>
    (text ?? '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&'),
  );
}
