import { machineLimits } from '../../crawler/machine-limits.ts';
import { printable } from '../../values/printable.ts';
import { describeFault } from '../answer-fault.ts';
import { type Finding, fail } from '../doctor/finding.ts';
import { installationFindings } from '../doctor/installation.ts';
import { machineFindings } from '../doctor/machine.ts';
import { projectFindings } from '../doctor/project.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { Workspace } from '../workspace.ts';

/** Looks at machine, installation and project without asking the network, and says what to do about what is wrong. */
export async function doctor(terminal: Terminal): Promise<number> {
  const { workspace, problems } = workspaceOf(terminal.cwd);
  const machine = { nodeVersion: process.versions.node, limits: machineLimits(), terminal };
  const sections: readonly (readonly [string, readonly Finding[]])[] = [
    ['Machine', machineFindings(machine)],
    ['Installation', installationFindings(workspace?.project)],
    ['Project', workspace === undefined ? problems : await projectFindings(workspace)],
  ];
  for (const [title, findings] of sections) {
    await terminal.write(`${title}\n${findings.map(findingLines).join('')}`);
  }
  const all = sections.flatMap(([, findings]) => findings);
  const count = (level: Finding['level']) => all.filter((finding) => finding.level === level).length;
  const [failures, warnings] = [count('fail'), count('warn')];
  await terminal.write(
    failures + warnings === 0 ? 'all is well\n' : `${failures} to put right, ${warnings} to know of\n`,
  );
  return failures > 0 ? EXIT_CODES.failed : EXIT_CODES.ok;
}

/** A project that is refused is a finding like any other. */
function workspaceOf(cwd: string): {
  readonly workspace: Workspace | undefined;
  readonly problems: Finding[];
} {
  try {
    return { workspace: new Workspace(cwd), problems: [] };
  } catch (fault) {
    const { problem, hint } = describeFault(fault);
    return {
      workspace: undefined,
      problems: [fail(problem, hint ?? 'Crawls refuse to run here until that is put right.')],
    };
  }
}

function findingLines({ level, text, advice }: Finding): string {
  const mark = level === 'note' ? '-' : level;
  const lines = [`  ${mark.padEnd(5)} ${text}`, ...(advice === undefined ? [] : [`        ${advice}`])];
  return `${lines.map(printable).join('\n')}\n`;
}
