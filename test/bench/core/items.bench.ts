/** The item codec: between the rules' objects and DynamoDB's items. It counts items. */

import { decodeAccount, encodeAccount } from '../../../lib/storage/account-codec.ts';
import { decodeRecord, encodeRecord } from '../../../lib/storage/transfer-codec.ts';
import { fromWire, toWire } from '../../../lib/storage/wire-item.ts';
import { measureCase } from './measured-case.ts';
import { accountImages, transferImages } from './samples.ts';

const ACCOUNTS = accountImages().map(({ after }) => after);
const { prepared, credited } = transferImages();

measureCase('write an account', ACCOUNTS, (account) => toWire(encodeAccount(account)));
measureCase(
  'read an account',
  ACCOUNTS.map((account) => toWire(encodeAccount(account))),
  (item) => decodeAccount(fromWire(item)),
);

for (const images of [prepared, credited]) {
  const transfers = images.map(({ after }) => after);
  const status = transfers[0]?.status;
  measureCase(`write a ${status} transfer`, transfers, (transfer) => toWire(encodeRecord(transfer)));
  measureCase(
    `read a ${status} transfer`,
    transfers.map((transfer) => toWire(encodeRecord(transfer))),
    (item) => decodeRecord(fromWire(item)),
  );
}
