import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadWorkflowBundle } from '../../src/stack/workflow-bundle.ts';
import { errorOf, PROJECT_ROOT, tempFolder } from './helpers.ts';

const writeWorkflow = (projectRoot: string, code: string) =>
  writeFile(join(projectRoot, 'workflows', 'index.ts'), code);

async function smallProject(): Promise<string> {
  const projectRoot = await tempFolder();
  await mkdir(join(projectRoot, 'workflows'));
  await symlink(join(PROJECT_ROOT, 'node_modules'), join(projectRoot, 'node_modules'));
  await writeWorkflow(projectRoot, `export async function greet(): Promise<string> { return 'hello'; }`);
  return projectRoot;
}

describe('the workflow bundle', () => {
  it('is made once for the same sources, and anew for others', async () => {
    const projectRoot = await smallProject();
    const first = await loadWorkflowBundle({ projectRoot });
    const again = await loadWorkflowBundle({ projectRoot });
    await writeWorkflow(projectRoot, `export async function greet(): Promise<string> { return 'good day'; }`);
    const changed = await loadWorkflowBundle({ projectRoot });
    expect([first.rebuilt, again.rebuilt, changed.rebuilt]).toEqual([true, false, true]);
    expect(again).toEqual({ ...first, rebuilt: false });
    expect(await readdir(join(projectRoot, '.cache', 'workflows'))).toHaveLength(2);
  });

  it('keeps the three that were used last', async () => {
    const projectRoot = await smallProject();
    const folder = join(projectRoot, '.cache', 'workflows');
    await mkdir(folder, { recursive: true });
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => writeFile(join(folder, `${name}.js`), '')));
    await loadWorkflowBundle({ projectRoot });
    expect(await readdir(folder)).toHaveLength(3);
  });

  it('is refused when the code reaches out of its sandbox', async () => {
    const projectRoot = await smallProject();
    await writeWorkflow(
      projectRoot,
      `import fs from 'fs'; export const read = async () => fs.readFileSync('/etc/hosts');`,
    );
    const error = await errorOf(loadWorkflowBundle({ projectRoot }));
    expect(error).toMatchObject({ code: 'stack.workflowBundleFailed' });
    expect(String(error)).toContain('fs');
  });
});
