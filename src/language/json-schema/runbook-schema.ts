import { CATALOG, isActionName } from '../../catalog/index.ts';
import { CONNECTIONS, RUNBOOK } from '../shape/vocabulary.ts';
import { withSchema } from './action-inputs.ts';
import { inputs, objectives, schedules, vars } from './head.ts';
import { approval, decisions, manual } from './people.ts';
import { stepDefinitions } from './step.ts';
import { listOf, mapOf, ref, VALUES, type Schema } from './values.ts';

const PRODUCTS = { vro: 'Veeam Recovery Orchestrator', vbr: 'Veeam Backup & Replication', one: 'Veeam ONE' };

/**
 * The JSON Schema of the language, for editors: completion, hover and errors while one types. It is made of the same
 * vocabulary and catalog as the compiler, which says more (names, order, safety) and has the last word.
 */
export function runbookSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'muster runbook',
    ...mapOf(
      RUNBOOK,
      {
        apiVersion: { const: 'muster/v1', description: 'The version of the language.' },
        name: ref('runbookName', 'The name of the runbook, like the file. Runs are named after it.'),
        title: ref('text', 'One line for people; the name when it is missing.'),
        description: ref('text', 'For people: a longer text.'),
        owner: ref('text', 'Who answers for it.'),
        authors: {
          description: 'Who wrote it, by their ids: approvals may exclude them.',
          type: 'array',
          items: ref('text'),
        },
        contacts: { description: 'Whom to call.', type: 'array', items: ref('text') },
        connections: mapOf(
          CONNECTIONS,
          Object.fromEntries(
            Object.entries(PRODUCTS).map(([system, product]) => [
              system,
              ref('connectionName', `The connection of muster.yaml to ${product}.`),
            ]),
          ),
          { description: 'Which servers are meant, by their names in muster.yaml.' },
        ),
        objectives,
        inputs,
        vars,
        steps: listOf(ref('step'), 'What is done, in order.'),
        cleanup: listOf(
          ref('step'),
          'Puts everything back; at the end of every drill, however it ended. Never in a live run.',
        ),
        always: listOf(ref('step'), 'Runs at the end of every run, after `cleanup`.'),
        outputs: {
          description: 'What a run answers, by name; a value may be a template.',
          type: 'object',
          propertyNames: ref('id'),
        },
        decisions,
        schedules,
      },
      { required: ['apiVersion', 'name', 'steps'] },
    ),
    definitions: {
      ...VALUES,
      approval,
      manual,
      ...stepDefinitions,
      ...Object.fromEntries(
        Object.keys(CATALOG)
          .filter(isActionName)
          .map((name) => [name, withSchema(name)]),
      ),
    },
  };
}
