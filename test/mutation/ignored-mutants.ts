/**
 * Which mutants are not made: those that change nothing but what people read in logs. Reasons that a sender of a message is told are
 * no such thing, nor is anything that decides.
 */

import type { Ignorer } from '@stryker-mutator/api/ignore';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** As much as is needed here of Babel's `NodePath`. */
interface SyntaxPath {
  readonly node: SyntaxNode;
  readonly parent: SyntaxNode;
}

interface SyntaxNode {
  readonly type: string;
  readonly callee?: SyntaxNode;
  readonly property?: SyntaxNode;
  readonly key?: SyntaxNode;
  readonly name?: string;
  readonly value?: string;
}

/** Those whose text goes to whoever sent a malformed message. */
const ERRORS_THAT_SENDERS_READ: ReadonlySet<string> = new Set(['MalformedMessageError', 'JsonObjectError']);
const TEXTS: ReadonlySet<string> = new Set(['StringLiteral', 'TemplateLiteral']);
const LOG_METHODS: ReadonlySet<string> = new Set(['info', 'warn', 'count']);

const prose: Ignorer = {
  shouldIgnore(path) {
    const { node, parent } = path as SyntaxPath;
    if (node.type === 'CallExpression' && node.callee?.property?.name === 'time') {
      return 'how long something took';
    }
    if (!TEXTS.has(node.type)) {
      return undefined;
    }
    if (parent.type === 'CallExpression' && parent.callee?.name === 'measured') {
      return 'what it is that took so long';
    }
    if (parent.type === 'CallExpression' && LOG_METHODS.has(parent.callee?.property?.name ?? '')) {
      return 'the text of a log line, the name of a count';
    }
    if (isMeaningOfSetting(node, parent)) {
      return 'what a setting means';
    }
    return isTextOfError(parent) ? 'the text of an error' : undefined;
  },
};

function isMeaningOfSetting(node: SyntaxNode, parent: SyntaxNode): boolean {
  return parent.type === 'ObjectProperty'
    ? parent.key?.name === 'meaning'
    : parent.callee?.name === 'days' && (node.value ?? '').includes(' ');
}

function isTextOfError(parent: SyntaxNode): boolean {
  if (parent.type === 'CallExpression') {
    return parent.callee?.type === 'Super';
  }
  if (parent.type === 'ClassProperty') {
    return parent.key?.name === 'name';
  }
  const name = parent.type === 'NewExpression' ? (parent.callee?.name ?? '') : '';
  return name.endsWith('Error') && !ERRORS_THAT_SENDERS_READ.has(name);
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'prose', prose)];
