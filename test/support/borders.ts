import { builtinModules } from 'node:module';
import { LAYERS, layerOf } from '../../tools/layers.mjs';
import type { Import, SourceFile } from './source-graph.ts';

/** A layer's row of tools/layers.mjs. */
interface Border {
  readonly layers: readonly string[];
  readonly types?: readonly string[];
  readonly lazily?: readonly string[];
  readonly npm: readonly string[];
  readonly node?: boolean;
}

/** Types of this layer are open to all. */
const OBSERVE = 'src/observe';

/** The table, by layer. */
export const BORDERS: ReadonlyMap<string, Border> = new Map(Object.entries<Border>(LAYERS));

/** What a file imports that its layer may not, as sentences that name the file and the door. */
export function trespasses({ path, imports }: SourceFile): readonly string[] {
  const layer: string | undefined = layerOf(path);
  const border = layer === undefined ? undefined : BORDERS.get(layer);
  if (layer === undefined || border === undefined) {
    return [`${path} lies in no layer of tools/layers.mjs: move it into one, or add a line for its folder.`];
  }
  return imports
    .filter((one) => !isAllowed(layer, border, one))
    .map(({ kind, specifier }) => `${path} imports ${specifier} (${kind}). ${doorOf(layer, border)}`);
}

function isAllowed(layer: string, border: Border, { kind, specifier, file }: Import): boolean {
  if (file === undefined) return isPackageAllowed(border, specifier);
  const target: string | undefined = layerOf(file);
  if (target === undefined) return false;
  if (target === layer || border.layers.includes(target) || border.layers.includes(file)) return true;
  const { types = [], lazily = [] } = border;
  switch (kind) {
    case 'value':
      return false;
    case 'type':
      return target === OBSERVE || types.includes(target) || lazily.includes(target);
    case 'lazy':
      return lazily.includes(target);
  }
}

function isPackageAllowed({ npm, node = true }: Border, specifier: string): boolean {
  if (specifier.startsWith('node:')) return node;
  // Written without `node:`, a module of Node cannot be told from a package.
  if (builtinModules.includes(specifier)) return false;
  return npm.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}

function doorOf(layer: string, { layers, types = [], lazily = [], npm, node = true }: Border): string {
  const values = [...layers, ...npm, ...(node ? ['node:*'] : [])].join(', ') || 'nothing';
  const more = [
    types.length === 0 ? '' : `, types of ${types.join(', ')}`,
    lazily.length === 0 ? '' : `, by await import ${lazily.join(', ')}`,
  ];
  return `${layer} may import ${values}${more.join('')}; see tools/layers.mjs.`;
}
