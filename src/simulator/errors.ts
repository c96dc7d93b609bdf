/** Why the simulator refuses something, and the HTTP status a server answers with. */
export const SIMULATOR_ERRORS = {
  UNKNOWN_PLAN: 404,
  UNKNOWN_RUNTIME_ITEM: 404,
  UNKNOWN_RECOVERY_TOKEN: 404,
  UNKNOWN_RESOURCE: 404,
  UNKNOWN_REPLICA: 404,
  UNKNOWN_REPLICA_POINT: 404,
  UNKNOWN_BACKUP: 404,
  UNKNOWN_SESSION: 404,
  UNKNOWN_ALARM: 404,
  UNKNOWN_FAULT: 404,
  FORBIDDEN: 403,
  ILLEGAL_ACTION: 400,
  INVALID_REQUEST: 400,
  INVALID_FAULT: 400,
  INVALID_SCENARIO: 400,
  SCENARIO_UNREADABLE: 400,
  NOT_SETTLED: 504,
  PORT_TAKEN: 500,
} as const;

export type SimulatorErrorCode = keyof typeof SIMULATOR_ERRORS;

/** Everything the simulator refuses on purpose. `code` is stable; `status` is what its servers answer. */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
  readonly code: SimulatorErrorCode;
  readonly status: number;

  constructor(code: SimulatorErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
    this.status = SIMULATOR_ERRORS[code];
  }
}
