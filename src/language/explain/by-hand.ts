import type { ActionName } from '../../catalog/index.ts';

/**
 * How somebody does what an action does when muster is down. `{name}` is what the step gives under that name. Short on
 * purpose: whoever holds the paper knows the console.
 */
export const BY_HAND: { readonly [Name in ActionName]: string } = {
  'vro.plan': 'In VRO, open the plan {plan} and note its state and whether it is enabled.',
  'vro.plans': 'In VRO, open the list of recovery plans and note their states.',
  'vro.planVms': 'In VRO, open the plan {plan} and note how each of its machines came through.',
  'vro.runtimeDetails':
    'In VRO, open the plan {plan} and note the groups, machines and steps of its last run.',
  'vro.recoveryLocations': 'In VRO, open the administration and note the recovery locations.',
  'vro.licenseUsage': 'In VRO, open the administration and note how many license instances are used.',
  'vro.waitUntilStable': 'In VRO, watch the plan {plan} until nothing runs on it any more.',
  'vro.watchTest': 'In VRO, watch the DataLab test of the plan {plan} to its end and note the result.',
  'vro.failover':
    'In VRO, run the plan {plan} (failover, restore point: {restorePoint}) and watch it to its end.',
  'vro.restore':
    'In VRO, run the restore plan {plan} (restore point: {restorePoint}) and watch it to its end.',
  'vro.halt': 'In VRO, halt the plan {plan} and wait until it has stopped.',
  'vro.continue':
    'In VRO, continue the halted plan {plan} with the option {option}, and watch it to its end.',
  'vro.undo':
    'In VRO, undo the plan {plan} and watch it to its end. What was written on the replicas meanwhile is lost.',
  'vro.failback': 'In VRO, run the failback of the plan {plan} to production and watch it to its end.',
  'vro.prepareFailback': 'In VRO, prepare the failback of the plan {plan} and watch it to its end.',
  'vro.switchover': 'In VRO, switch the plan {plan} over to production and watch it to its end.',
  'vro.commitFailback': 'In VRO, commit the failback of the plan {plan}. This CANNOT be undone.',
  'vro.permanentFailover': 'In VRO, make the failover of the plan {plan} permanent. This CANNOT be undone.',
  'vro.enable': 'In VRO, enable the plan {plan}.',
  'vro.disable': 'In VRO, disable the plan {plan}.',
  'vro.readinessCheck': 'In VRO, run the readiness check of the plan {plan} and note its result.',
  'vro.reset': 'In VRO, reset the plan {plan} and check that it is in its default state.',
  'vro.schedulePlan': 'In VRO, schedule the plan {plan} (at {at}, or after {after}).',
  'vro.unschedulePlan': 'In VRO, remove the schedule of the plan {plan}.',
  'vro.clonePlan': 'In VRO, clone the plan {plan} as {name}.',
  'vbr.replicas': 'In the VBR console, open the replicas and note their states.',
  'vbr.replicaPoints': 'In the VBR console, open the replica {replica} and note its restore points.',
  'vbr.session': 'In the VBR console, open the history and note how the session {session} stands.',
  'vbr.findAgentBackup': 'In the VBR console, open the agent backups and find those of {name}.',
  'vbr.waitForSessions': 'In the VBR console, watch these sessions until all have ended: {sessions}.',
  'vbr.failover':
    'In the VBR console, fail these replicas over now (restore point: {restorePoint}): {replicas}.',
  'vbr.plannedFailover': 'In the VBR console, run a planned failover of these replicas: {replicas}.',
  'vbr.permanentFailover':
    'In the VBR console, make the failover of these replicas permanent: {replicas}. This CANNOT be undone.',
  'vbr.undoFailover':
    'In the VBR console, undo the failover of these replicas: {replicas}. What was written on them meanwhile is lost.',
  'vbr.failback': 'In the VBR console, fail these replicas back to production: {replicas}.',
  'vbr.changeSwitchoverTime':
    'In the VBR console, set the switchover of these replicas to {switchover}: {replicas}.',
  'vbr.switchToProduction': 'In the VBR console, switch these replicas to production: {replicas}.',
  'vbr.commitFailback':
    'In the VBR console, commit the failback of these replicas: {replicas}. This CANNOT be undone.',
  'vbr.undoFailback': 'In the VBR console, undo the failback of these replicas: {replicas}.',
  'vbr.stopSession': 'In the VBR console, stop the session {session}.',
  'vbr.rescanReplicas': 'In the VBR console, rescan these replicas: {replicas}.',
  'vbr.issueRecoveryToken':
    'In the VBR console, issue a recovery token for these backups, valid for {validFor}: {backupIds}. Keep it secret.',
  'vbr.renewRecoveryToken': 'In the VBR console, renew the recovery token {id} for {validFor}.',
  'vbr.listRecoveryTokens': 'In the VBR console, open the recovery tokens and note those that exist.',
  'vbr.revokeRecoveryToken': 'In the VBR console, revoke the recovery token {id}.',
  'one.checkRpo': 'In Veeam ONE, check that no newest restore point is older than {target}.',
  'one.waitForFreshData': 'In Veeam ONE, start a data collection and wait for its end.',
  'one.openAlarms': 'In Veeam ONE, open the alarms and note those that are open.',
  'one.resolveAlarms': 'In Veeam ONE, close the alarms {alarms} with the comment: {comment}',
  'one.alarm': 'In Veeam ONE, open the alarm {alarm} and note what it says.',
  'http.check': 'Open {url} in a browser and check that the page answers as it should.',
  'tcp.check': 'From a machine at the recovery site, check that {host} answers on port {port}.',
  'notify.webhook': 'Tell those who listen on {channel}: {text}',
  'notify.slack': 'Write to the Slack channel {channel}: {text}',
  'notify.teams': 'Write to the Teams channel {channel}: {text}',
  'notify.email': 'Send an e-mail to those of {channel}: {text}',
};
