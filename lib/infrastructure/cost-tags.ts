/**
 * The tags of a stack, by which a bill is divided. CloudFormation gives them to every resource that can have tags, so no
 * resource needs to name them. An account's owner has to activate them once as cost allocation tags.
 */

/** The tags that every stack has; an operator's own come on top. */
export function costTags(
  stackName: string,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return { application: 'swaptacular-accounting-authority', ledger: stackName, ...own };
}

/** CloudFormation's limits, without the characters that separate tags here. */
const TAG = /^(?!aws:)([\p{L}\p{N} _.:/+@-]{1,128})=([\p{L}\p{N} _.:/+@-]{1,256})$/iu;
/** CloudFormation allows 50, and two are ours. */
const MAX_OWN_TAGS = 48;

/** Reads `name=value,name=value`. @returns undefined when the text is anything else */
export function parseTags(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = text.split(',').map((pair) => TAG.exec(pair.trim()));
  const tags = Object.fromEntries(pairs.flatMap((pair) => (pair === null ? [] : [[pair[1], pair[2]]])));
  return pairs.length <= MAX_OWN_TAGS && Object.keys(tags).length === pairs.length ? tags : undefined;
}
