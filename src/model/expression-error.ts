export type ExpressionCode =
  'EXPRESSION_SYNTAX' | 'EXPRESSION_LIMIT' | 'EXPRESSION_FUNCTION' | 'EXPRESSION_NAME' | 'EXPRESSION_FAILED';

/** An expression that cannot be read or evaluated. `offset` is where in its text, if that is known. */
export class ExpressionError extends Error {
  override readonly name: string = 'ExpressionError';
  readonly code: ExpressionCode;
  readonly offset: number;
  constructor(
    code: ExpressionCode,
    message: string,
    { offset = 0, cause }: { offset?: number; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.offset = offset;
  }
}

/**
 * An evaluation that took more than it may. Unlike a missing field it ends the whole expression: `… || true` must not
 * go on after it.
 */
export class ExpressionCostError extends ExpressionError {
  override readonly name = 'ExpressionCostError';
  constructor(message: string, { offset }: { offset?: number } = {}) {
    super('EXPRESSION_FAILED', message, offset === undefined ? {} : { offset });
  }
}
