import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STACK_OPTION_VARIABLES } from '../lib/infrastructure/options.ts';
import { aPeer, synthesizeNetwork } from './infrastructure/peers/peer-templates.ts';
import { propertiesOf, type ReadableTemplate } from './infrastructure/template.ts';

const GUIDE = readFileSync(resolve(import.meta.dirname, '../docs/network.md'), 'utf8');

const firstCells = (form: RegExp): string[] =>
  GUIDE.split('\n').flatMap((line) => {
    const [, cell = ''] = line.split('|').map((each) => each.trim());
    return line.startsWith('| ') && form.test(cell) ? [cell.replaceAll('`', '')] : [];
  });

describe('The guide to the network', () => {
  it('says of every alarm of a peer and of the listener what to do', () => {
    const ofPeer = Object.keys(
      propertiesOf(
        synthesizeNetwork([aPeer()])['Main-peer-11111111'] as ReadableTemplate,
        'AWS::CloudWatch::Alarm',
      ),
    );
    const ofListener = ['NetworkUnreadableAlarm', 'NoListenerAlarm', 'UnhealthyListenerAlarm'];
    expect(firstCells(/Alarm`$/).toSorted()).toStrictEqual([...ofPeer, ...ofListener].toSorted());
  });

  it('names options and scripts that there are', () => {
    const options = ['peers', 'peerConcurrency', 'stompListener', 'stompPort', 'concurrencyQuota'] as const;
    for (const option of options) {
      expect(GUIDE).toContain(`| \`${option}\` | \`${STACK_OPTION_VARIABLES[option]}\` |`);
    }
    const { scripts } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../package.json'), 'utf8'));
    const named = [...GUIDE.matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toStrictEqual([]);
  });
});
