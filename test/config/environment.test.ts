import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';

describe('the environment', () => {
  it('is read once and frozen', () => {
    const environment = readEnvironment({ PATH: '/bin', MUSTER_TEMPORAL_CLI: '/opt/temporal', CI: 'true' });
    expect(environment).toEqual({
      temporalCli: '/opt/temporal',
      path: '/bin',
      noColor: false,
      ci: true,
      goProxyEnv: { PATH: '/bin' },
    });
    expect(Object.isFrozen(environment)).toBe(true);
  });

  it('takes an empty variable as not set', () => {
    expect(readEnvironment({ MUSTER_TEMPORAL_CLI: '', MUSTER_CACHE: ' ', NO_COLOR: '' })).toEqual({
      path: '',
      noColor: false,
      ci: false,
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
