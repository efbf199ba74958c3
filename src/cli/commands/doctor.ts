import { machineLimits } from '../../crawler/machine-limits.ts';
import type { Finding } from '../doctor/finding.ts';
import { installationFindings } from '../doctor/installation.ts';
import { machineFindings } from '../doctor/machine.ts';
import { projectFindings } from '../doctor/project.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import type { Terminal } from '../terminal.ts';
import { Workspace } from '../workspace.ts';

/** Looks at machine, installation and project without asking the network, and says what to do about what is wrong. */
export async function doctor(terminal: Terminal): Promise<number> {
  const workspace = new Workspace(terminal.cwd);
  const sections: readonly (readonly [string, readonly Finding[]])[] = [
    ['Machine', machineFindings({ nodeVersion: process.versions.node, limits: machineLimits(), terminal })],
    ['Installation', installationFindings(workspace.project)],
    ['Project', await projectFindings(workspace)],
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

function findingLines({ level, text, advice }: Finding): string {
  const mark = level === 'note' ? '-' : level;
  const lines = [`  ${mark.padEnd(5)} ${text}`, ...(advice === undefined ? [] : [`        ${advice}`])];
  return `${lines.map(printable).join('\n')}\n`;
}
