// Goes on with a run that was cut off, or raises the limits of one that has ended.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { requireDataset } from '../src/data/check-dataset.ts';
import { expected, Words } from '../src/errors.ts';
import { limitNames, limitsOf, parseConfig, type EvolutionConfig, type Limits } from './config.ts';
import { differences } from './differences.ts';
import { loadData, splitData } from './evaluation/load-data.ts';
import { Evolution } from './evolution.ts';
import {
  checkSignal,
  checkWorkers,
  originOf,
  type EvolutionEvents,
  type EvolutionRun,
  type RunOptions,
} from './evolve.ts';
import { readSettings } from './read-settings.ts';
import { replay, requireSame } from './replay.ts';
import { closeGeneration, runEvolution } from './run-evolution.ts';
import { startedEvent } from './run/decided-events.ts';
import type { RunEnded } from './run/journal-events.ts';
import { configName, requireFolderName, RunWriter } from './run/run-directory.ts';

/** Ends after which a run goes on as it is. */
const goesOn: ReadonlySet<RunEnded['reason']> = new Set(['interrupted', 'maxSeconds']);

/** How a run goes on. First networks and operators given by code must be those that it began with. */
export interface ResumeOptions extends RunOptions, Partial<Limits> {
  /** Allows limits other than the run's own: as given here, or written to its config.json. Default: false. */
  readonly allowChanges?: boolean;
}

/**
 * Goes on with a run as if it had never stopped: its journal, times apart, and its front become those of the
 * uninterrupted run, with any number of workers. What was committed is made anew but not trained again. Nothing
 * happens to a run that has ended, unless its limits are changed.
 *
 * Throws `bad-argument` where parts that code gave the run are missing, `not-found` where there is no run, `out-exists`
 * where another process writes it, `bad-run` where it is damaged, does not come out as before (other data, parts or
 * version; of objectives that only an evaluation tells, nothing shows that) or was not begun by `evolve`, `bad-config` for
 * changes that are not allowed, `interrupted` where the signal is aborted before the run goes on, and what `evolve`
 * throws under way.
 */
export async function resume(
  folder: string,
  options: ResumeOptions = {},
  events: EvolutionEvents = {},
): Promise<EvolutionRun> {
  requireFolderName(folder, 'folder');
  const workers = checkWorkers(options);
  const signal = checkSignal(options);
  if (options.dataset !== undefined) requireDataset(options.dataset, 'dataset');
  const writer = await RunWriter.reopen(folder);
  try {
    const [start] = writer.events;
    if (start?.type === 'run' && start.by !== 'evolve')
      throw expected('bad-run', 'a run that evolve began', new Words('one of another command'), writer.placeOf(0));
    const wanted = await wantedConfig(writer, options);
    // Other parts than the run's own show in what comes out of them.
    const parts = start?.type === 'run' ? start.parts : undefined;
    const missing = parts?.find((part) => options[part] === undefined);
    if (missing) throw expected('bad-argument', `the ${missing} that code gave the run`, undefined, missing);
    const record = start && writer.record();
    const changed = record && differences(limitsOf(record.start.config), limitsOf(wanted)).length > 0;
    if (record?.end && !goesOn.has(record.end.reason) && !changed)
      return { folder, record, front: await writer.writeFront() };
    // The past was decided under the limits of then.
    const config = start?.type === 'run' ? start.config : wanted;
    events.onLoad?.(config.data);
    const data = options.dataset ? splitData(options.dataset, config) : await loadData(config, signal);
    const evolution = new Evolution(config, data, options);
    const origin = parts ? { by: 'evolve' as const, parts } : originOf(start ? {} : options);
    const started = startedEvent(config, data, evolution.objectives, origin);
    if (start) requireSame(start, started, writer.placeOf(0));
    else writer.append(started);
    await replay(evolution, writer, signal);
    if (changed) {
      evolution.limit(limitsOf(wanted));
      await writer.writeConfig(wanted);
      writer.append({ type: 'limits', ...limitsOf(wanted) });
    }
    const present = writer.record();
    events.onStart?.(present.start);
    events.onResume?.(present);
    const { engine, maxSeconds } = wanted;
    const run = { evolution, writer, splits: data.splits, workers, engine, maxSeconds, signal, events };
    const generations = present.generations.length - 1;
    if (evolution.generation > generations && evolution.waiting.length === 0) await closeGeneration(run);
    return await runEvolution(run);
  } finally {
    writer.close();
  }
}

/** The settings to go on with; throws `bad-config` where they differ from the run's and must not. */
async function wantedConfig(writer: RunWriter, options: ResumeOptions): Promise<EvolutionConfig> {
  const path = join(writer.folder, configName);
  const own = writer.events.length > 0 ? writer.record().start.config : undefined;
  const written = existsSync(path) ? parseConfig(await readSettings(path)) : own;
  const given = limitNames.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  const wanted = parseConfig({ ...written, ...(Object.fromEntries(given) as Partial<Limits>) });
  const changes = differences(own ?? written, wanted);
  if (changes.length === 0) return wanted;
  const texts = changes.map(({ path: key, before, after }) => `${key} ${show(after)} in place of ${show(before)}`);
  const got = new Words(texts.join(', '));
  const fixed = changes.some(({ path: key }) => !(limitNames as readonly string[]).includes(key));
  if (fixed) throw expected('bad-config', `only ${limitNames.join(', ')} to change in a run`, got, path);
  if (!options.allowChanges)
    throw expected('bad-config', "the run's own settings, or changes to be allowed", got, path);
  return wanted;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
