// What a trial left behind: exports, the site's count of fetches, how soon resumed runs began.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { checkRecords } from './check-records.mjs';
import { PAGES } from './page-item.mjs';

/** A resumed run may take so many times as long to its first fetch as a fresh one, and so much more: no waiting for locks. */
const START_SLACK = 3;
const START_MS = 2000;

/** Records of an unfinished JSON Lines file must be whole, right and there once, without half a line at the end. */
export function checkPartial(trial) {
  for (const name of trial.scenario.outputs.filter((one) => one.endsWith('.jsonl'))) {
    const path = trial.output(name);
    if (!existsSync(path)) continue;
    const { double, broken, reasons } = checkRecords(name, readFileSync(path), trial.scenario.itemOf);
    if (double.length > 0) trial.problems.push(`unfinished ${name}: double ${double.slice(0, 5)}`);
    if (broken > 0) trial.problems.push(`unfinished ${reasons[0]}`);
  }
}

/** Judges exports, fetches and starts of a trial that has come to its end; gives what the table sums up. */
export async function judgeTrial(trial) {
  await Promise.all(trial.watches);
  const { excused = [], itemOf, outputs } = trial.scenario;
  const sums = { missing: 0, double: 0, broken: 0 };
  for (const name of outputs) {
    const path = trial.output(name);
    if (!existsSync(path)) {
      trial.problems.push(`${name} is not there`);
      sums.missing += PAGES;
      continue;
    }
    const found = checkRecords(name, readFileSync(path), itemOf, { excused });
    sums.missing += found.missing.length;
    sums.double += found.double.length;
    sums.broken += found.broken;
    trial.problems.push(...found.reasons);
    if (found.missing.length > 0) trial.problems.push(`${name}: missing ${found.missing.slice(0, 8)}`);
    if (found.double.length > 0) trial.problems.push(`${name}: double ${found.double.slice(0, 8)}`);
  }
  const extra = await checkFetches(trial);
  checkStart(trial);
  noteLitter(trial);
  return { ...sums, extra, kills: trial.kills, startMs: trial.slowestStartMs };
}

/** A finished job says so, fetches nothing and leaves its exports as they are. */
export async function checkFinished(trial) {
  const read = () => trial.scenario.outputs.map((name) => readFileSync(trial.output(name)));
  const before = read();
  const run = await trial.start();
  const { errors } = await trial.ended(run);
  const { fetches } = await trial.site.counts();
  if (fetches > run.fetchesBefore) trial.problem(run, 'fetched pages of a finished job');
  if (!/finish|complete|done/i.test(errors)) trial.problem(run, 'does not say that the job is finished');
  if (!read().every((bytes, at) => bytes.equals(before[at]))) trial.problem(run, 'changed a finished export');
}

async function checkFetches(trial) {
  const { fetches } = await trial.site.counts();
  const extra = fetches - PAGES;
  const allowed = trial.allowedExtra;
  if (extra > allowed) trial.problems.push(`${extra} pages were fetched again, at most ${allowed} may be`);
  return extra;
}

function checkStart(trial) {
  const limitMs = (trial.measured?.bootMs ?? Number.POSITIVE_INFINITY) * START_SLACK + START_MS;
  if (trial.slowestStartMs > limitMs)
    trial.problems.push(`a resume waited ${Math.round(trial.slowestStartMs)} ms`);
}

function noteLitter(trial) {
  const left = readdirSync(trial.output('.')).filter((name) => !trial.scenario.outputs.includes(name));
  if (left.length > 0) trial.notes.push(`left beside the export: ${left.join(', ')}`);
}
