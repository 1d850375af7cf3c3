/** The stack that CDK has synthesized, read from its cloud assembly. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../operator-command.ts';
import type { Template } from './template-losses.ts';

export interface SynthesizedStack {
  readonly name: string;
  readonly template: Template;
  /** Whether the stack is to be kept; disposable ones are not protected against being destroyed. */
  readonly isKept: boolean;
}

interface Manifest {
  readonly artifacts: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly terminationProtection?: boolean;
  };
}

/** @throws {OperatorError} when the assembly has no stack */
export function readSynthesizedStacks(assemblyFolder: string): SynthesizedStack[] {
  const { artifacts }: Manifest = JSON.parse(readFileSync(join(assemblyFolder, 'manifest.json'), 'utf8'));
  const stacks = Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, { properties }]) => ({
      name: properties?.stackName ?? id,
      template: JSON.parse(readFileSync(join(assemblyFolder, properties?.templateFile ?? ''), 'utf8')),
      isKept: properties?.terminationProtection === true,
    }));
  if (stacks.length === 0) {
    throw new OperatorError(`${assemblyFolder} has no stack.`);
  }
  return stacks;
}
