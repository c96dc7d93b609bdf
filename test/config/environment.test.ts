import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';

describe('the environment', () => {
  it('is read once and frozen', () => {
    const environment = readEnvironment({
      PATH: '/bin',
      MUSTER_TEMPORAL_CLI: '/opt/temporal',
      XDG_CONFIG_HOME: '/home/anna/.config',
      DATABASE_URL: 'postgres://db.example/muster',
      MUSTER_TOKEN: 'mst_1',
      CI: 'true',
    });
    expect(environment).toEqual({
      temporalCli: '/opt/temporal',
      path: '/bin',
      noColor: false,
      ci: true,
      databaseUrl: 'postgres://db.example/muster',
      token: 'mst_1',
      settingsDir: '/home/anna/.config',
      goProxyEnv: { PATH: '/bin', XDG_CONFIG_HOME: '/home/anna/.config' },
    });
    expect(Object.isFrozen(environment)).toBe(true);
  });

  it('takes an empty variable as not set', () => {
    expect(readEnvironment({ MUSTER_TEMPORAL_CLI: '', MUSTER_CACHE: ' ', NO_COLOR: '' })).toEqual({
      path: '',
      noColor: false,
      ci: false,
      settingsDir: join(homedir(), '.config'),
      goProxyEnv: {},
    });
  });

  it('takes CI=false at its word', () => {
    expect(readEnvironment({ CI: 'false' }).ci).toBe(false);
  });

  it('hands Go its variables and no others', () => {
    const go = {
      HOME: '/root',
      GOPROXY: 'https://proxy.example',
      GOFLAGS: '-p=1',
      https_proxy: 'http://proxy',
    };
    expect(readEnvironment({ ...go, AWS_SECRET_ACCESS_KEY: 'secret' }).goProxyEnv).toEqual(go);
  });
});
