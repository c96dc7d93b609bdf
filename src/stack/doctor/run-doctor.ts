import { join, resolve } from 'node:path';
import type { DoctorReport } from '../../cli/doctor-report.ts';
import type { DoctorOptions } from '../../cli/stack-door.ts';
import { loadConfig, readEnvironment } from '../../config/index.ts';
import { DATA_DIR } from '../open-muster.ts';
import { PROJECT_ROOT } from '../project.ts';
import { simulatorUrlsOf } from '../simulator-urls.ts';
import { readStackFile } from '../stack-file.ts';
import { examine } from './examine.ts';

/**
 * Examines what the configuration names, with the simulator of the stack that runs on the data folder. Writes nothing.
 *
 * @throws ConfigError, StackError
 */
export async function runDoctor(options: DoctorOptions): Promise<DoctorReport> {
  const { configFile = join(PROJECT_ROOT, 'muster.yaml'), dataDir = DATA_DIR, ...rest } = options;
  const folder = resolve(dataDir);
  const stack = await readStackFile({ folder });
  const simulatorUrls = simulatorUrlsOf(stack);
  const config = await loadConfig({
    file: configFile,
    ...(simulatorUrls === undefined ? {} : { simulatorUrls }),
  });
  const place = config.temporal ?? stack?.temporal;
  const temporal = place?.address === undefined ? undefined : { ...place, address: place.address };
  return examine(config, {
    ...rest,
    own: { temporal, dataDir: folder, databaseUrl: readEnvironment().databaseUrl },
  });
}
