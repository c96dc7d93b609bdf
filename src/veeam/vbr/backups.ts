import type { CallOptions } from '../calls.ts';
import { vbrBackup, vbrBackupObject } from '../schemas/vbr-backup.ts';
import type { VbrCalls } from './calls.ts';
import { vbrCollection } from './collection.ts';
import type { VbrCollection } from './collection.ts';
import type { VbrBackup, VbrBackupObject } from './types.ts';

type BackupFilters = {
  /** A pattern; `*` at its beginning or end stands for any characters. */
  readonly nameFilter?: string;
  readonly createdAfterFilter?: string;
  readonly createdBeforeFilter?: string;
  readonly platformIdFilter?: string;
  readonly jobIdFilter?: string;
};

/** What jobs and policies have backed up. */
export interface Backups extends VbrCollection<VbrBackup, 'Name' | 'CreationTime', BackupFilters> {
  get(id: string, options?: CallOptions): Promise<VbrBackup>;
  /** The machines in a backup. */
  objects(id: string, options?: CallOptions): Promise<readonly VbrBackupObject[]>;
}

export function backups(calls: VbrCalls): Backups {
  return {
    ...vbrCollection(calls, { verb: 'backups.list', item: vbrBackup }),
    get: (id, options) => calls.read('backups.get', { params: { id }, schema: vbrBackup }, options),
    objects: async (id, options) => {
      const page = vbrCollection(calls, { verb: 'backups.objects', item: vbrBackupObject, params: { id } });
      return (await page.all({}, options)).data;
    },
  };
}
