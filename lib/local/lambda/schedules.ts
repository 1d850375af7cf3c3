/** Starts the schedules that the template declares. How a schedule works is in schedule.ts. */

import { z } from 'zod';
import { type OperationSettings, parseSettings } from '../../shell/settings.ts';
import { partOf, readProperties, type Stack } from '../stack/template.ts';
import type { MappingSurroundings } from './event-source-mappings.ts';
import type { LocalFunction } from './local-function.ts';
import { parseRate, type Schedule, startSchedule } from './schedule.ts';
import { createSwitch, type Switch } from './switchable.ts';

const RULE = z.object({
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(
    z.strictObject({
      Id: z.string(),
      Arn: z.string(),
      Input: z.string().optional(),
      // For what EventBridge can't hand over to Lambda, which can't happen here.
      DeadLetterConfig: z.unknown().optional(),
    }),
  ),
});

/**
 * EventBridge's shortest period is a minute, so the stack rounds the periods in the settings. Here they are exact, as read
 * from the settings in the functions' environments.
 */
const EXACT_PERIODS: Readonly<Record<string, (settings: OperationSettings) => number>> = {
  'sweep-accounts': ({ accountsScanSeconds }) => accountsScanSeconds,
  'sweep-transfers': ({ preparedTransfersScanSeconds }) => preparedTransfersScanSeconds,
};

/** A schedule with the switch of its rule. */
export interface RunningSchedule extends Schedule {
  readonly rule: string;
  readonly control: Switch;
}

export function startSchedules(
  stack: Stack,
  { functions, positions, onTrouble }: Pick<MappingSurroundings, 'functions' | 'positions' | 'onTrouble'>,
): readonly RunningSchedule[] {
  const functionsByArn = new Map(Array.from(functions.values(), (target) => [target.arn, target]));
  return stack.resources('AWS::Events::Rule').flatMap(([logicalId, properties]) => {
    const rule = readProperties(logicalId, stack.resolve(properties), RULE);
    const { ScheduleExpression, State, Targets } = rule;
    const control = createSwitch({ name: logicalId, isOn: State === 'ENABLED', positions });
    stack.define(logicalId, { Ref: logicalId });
    return Targets.map(({ Id, Arn, Input }) => {
      const target = partOf(functionsByArn, Arn);
      if (!control.isOn()) {
        onTrouble(target.label, 'is not started on schedule, which is paused; npm run resume lets it go on');
      }
      const schedule = startSchedule({
        name: `${logicalId}-${Id}`,
        periodMs: periodOf(target, ScheduleExpression),
        target,
        input: Input,
        positions,
        control,
        onTrouble: (sentence) => onTrouble(target.label, sentence),
      });
      return { ...schedule, rule: logicalId, control };
    });
  });
}

function periodOf({ label, environment }: LocalFunction, expression: string): number {
  const exactSeconds = EXACT_PERIODS[label]?.(parseSettings(environment));
  return exactSeconds === undefined ? parseRate(expression) : exactSeconds * 1000;
}
