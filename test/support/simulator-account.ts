import { isMap, parseDocument } from 'yaml';
import { demoScenario, type Scenario } from '../../src/simulator/index.ts';
import { canarySecret } from './canary-secret.ts';

const USERNAME = 'administrator';

/** The simulator's account, with a password that only one test has and that the suite is searched for. */
export interface SimulatorAccount {
  readonly password: string;
  readonly scenario: Scenario;
  /** Gives a `muster.yaml` this account, with the password in a file, for each connection with the simulator. */
  readonly configured: (config: string, passwordFile: string) => string;
}

/** An account for a scenario that has none of its own. */
export function simulatorAccount(scenario: Scenario = demoScenario): SimulatorAccount {
  const { username, password } = scenario.user ?? { username: USERNAME, password: canarySecret() };
  return {
    password,
    scenario: { ...scenario, user: { username, password } },
    configured(config, passwordFile) {
      const document = parseDocument(config);
      const connections = document.get('connections');
      // What is wrong with a configuration is for muster to find.
      if (document.errors.length > 0 || !isMap(connections)) return config;
      for (const { value } of connections.items) {
        if (!isMap(value) || value.get('url') !== 'simulator' || value.has('credentials')) continue;
        const credentials = { username, password: { file: passwordFile } };
        value.set('credentials', document.createNode(credentials, { flow: true }));
      }
      return document.toString({ lineWidth: 0 });
    },
  };
}
