/** project: from the two images of an item to the messages that are due. It counts item changes. */

import { projectAccount, projectRecord } from '../../../lib/rules/projection.ts';
import { DEFAULT_SETTINGS, NOW } from '../../support/builders.ts';
import { measureCase } from './measured-case.ts';
import { accountImages, transferImages } from './samples.ts';

for (const [step, images] of Object.entries(transferImages())) {
  measureCase(`project a transfer that was ${step}`, images, ({ before, after }) =>
    projectRecord(before, after),
  );
}
measureCase('project an account that was announced', accountImages(), ({ before, after }) =>
  projectAccount({ before, after }, NOW, DEFAULT_SETTINGS),
);
