import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { PROJECT_ROOT } from '../../src/stack/project.ts';

/** The folders whose files are the product. */
const ROOTS = ['src', 'workflows', 'activities'] as const;

/**
 * How a module is taken in.
 * - `value`: at load.
 * - `type`: by the compiler only.
 * - `lazy`: by `await import`, when it is needed.
 */
export type ImportKind = 'value' | 'type' | 'lazy';

export interface Import {
  readonly kind: ImportKind;
  /** As it is written. */
  readonly specifier: string;
  /** Of a relative import: the path in the project. */
  readonly file?: string;
}

export interface SourceFile {
  /** The path in the project. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly hasDefaultExport: boolean;
  /** What it takes from the process it runs in: `process.env`, `process.exit`, `console`. */
  readonly globals: ReadonlySet<string>;
}

/** Every TypeScript file of the product, as the compiler reads it. */
export function readSources(): readonly SourceFile[] {
  return ROOTS.flatMap((root) =>
    readdirSync(join(PROJECT_ROOT, root), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => posix.join(root, name))
      .sort()
      .map((path) => readSource(path, readFileSync(join(PROJECT_ROOT, path), 'utf8'))),
  );
}

/** Reads one file. */
export function readSource(path: string, text: string): SourceFile {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const globals = new Set<string>();
  let hasDefaultExport = false;
  const add = (kind: ImportKind, { text: specifier }: ts.StringLiteralLike): void => {
    const isRelative = specifier.startsWith('.');
    imports.push({ kind, specifier, ...(isRelative && { file: posix.join(dirname(path), specifier) }) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const isType = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      add(isType ? 'type' : 'value', node.moduleSpecifier);
    } else if (ts.isExportDeclaration(node)) {
      const { moduleSpecifier, exportClause } = node;
      if (moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier)) {
        add(node.isTypeOnly ? 'type' : 'value', moduleSpecifier);
      }
      if (exportClause !== undefined && ts.isNamedExports(exportClause)) {
        hasDefaultExport ||= exportClause.elements.some(({ name }) => name.text === 'default');
      }
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) add('type', node.argument.literal);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier !== undefined && ts.isStringLiteralLike(specifier)) add('lazy', specifier);
    } else if (ts.isExportAssignment(node) || node.kind === ts.SyntaxKind.DefaultKeyword) {
      hasDefaultExport ||= ts.isExportAssignment(node) || isModifier(node);
    } else if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      const { text: object } = node.expression;
      if (object === 'console') globals.add('console');
      if (object === 'process') globals.add(`process.${node.name.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { path, lines: text.split('\n').length - 1, imports, hasDefaultExport, globals };
}

/** `default` of `export default`, not of a switch. */
function isModifier(node: ts.Node): boolean {
  return node.parent.kind !== ts.SyntaxKind.DefaultClause && node.parent.kind !== ts.SyntaxKind.CaseBlock;
}

/** A way from a file back to itself over imports that are taken in at load, or undefined when there is none. */
export function findCycle(files: readonly SourceFile[]): readonly string[] | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const way: string[] = [];
  const search = (path: string): readonly string[] | undefined => {
    const start = way.indexOf(path);
    if (start !== -1) return [...way.slice(start), path];
    if (done.has(path)) return undefined;
    way.push(path);
    for (const { kind, file } of byPath.get(path)?.imports ?? []) {
      const cycle = kind === 'value' && file !== undefined ? search(file) : undefined;
      if (cycle !== undefined) return cycle;
    }
    way.pop();
    done.add(path);
    return undefined;
  };
  for (const { path } of files) {
    const cycle = search(path);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
