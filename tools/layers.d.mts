/** What a layer may import; see layers.mjs. */
export interface Border {
  readonly layers: readonly string[];
  readonly types?: readonly string[];
  readonly lazily?: readonly string[];
  readonly npm: readonly string[];
  readonly node?: boolean;
}

export const LAYERS: Readonly<Record<string, Border>>;

export function layerOf(file: string): string | undefined;
