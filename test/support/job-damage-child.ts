import { readFileSync } from 'node:fs';
import { type Damage, halfDoneJob, tryDamage } from './job-damage.ts';

// A process of its own: where the database aborts, the last line says at which damage.
// half FOLDER: makes a half-done job. try FOLDER ASIDE LIST: tries the damages of a file, a line for each.
const [task, folder = '', aside = '', list = ''] = process.argv.slice(2);
const say = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};
if (task === 'half') {
  await halfDoneJob(folder);
} else {
  for (const damage of JSON.parse(readFileSync(list, 'utf8')) as Damage[]) {
    say({ damage });
    say(await tryDamage(folder, aside, damage));
  }
}
process.exit(0);
