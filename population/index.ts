// The public face of population: evolving many networks over time.
export { Archive } from '../src/pareto/archive.ts';
export type { Candidate, Evaluated, Success } from './candidate.ts';
export {
  configJsonSchema,
  evolutionConfigSchema,
  parseConfig,
  type EvolutionConfig,
  type EvolutionSettings,
  type Limits,
} from './config.ts';
export type { Problem } from './check-parts.ts';
export { Evolution } from './evolution.ts';
export { partNames, type EvolutionParts, type Progress, type RunParts, type StoppingRule } from './evolution-parts.ts';
export { evolve, type EvolutionEvents, type EvolutionRun, type EvolveOptions, type RunOptions } from './evolve.ts';
export { evaluateCandidate } from './evaluation/evaluate-candidate.ts';
export { inProcess } from './evaluation/in-process.ts';
export type { Executor } from './evaluation/executor.ts';
export type {
  Job,
  JobBudget,
  JobDelivery,
  JobResult,
  JobSuccess,
  MacsExecuted,
  TensorValues,
  Validation,
} from './evaluation/job.ts';
export { runJob, type JobData } from './evaluation/run-job.ts';
export { workerPool, type WorkerPoolOptions } from './evaluation/worker-pool.ts';
export { firstPopulation, type NamedNetwork } from './first-population.ts';
export { hypervolume } from '../src/pareto/hypervolume.ts';
export { igdPlus } from '../src/pareto/igd-plus.ts';
export type { Individual } from './individual.ts';
export { objectives } from './objectives/built-in.ts';
export type { Constraints, ObjectiveValues } from './objectives/compare.ts';
export type { Described, EvaluationObjective, Measured, NetworkObjective, Objective } from './objectives/objective.ts';
export type { ErrorToBeat } from './objectives/run-objectives.ts';
export { OperatorCredit } from './operator-credit.ts';
export {
  journalEventSchema,
  type Compute,
  type ControlRecord,
  type GenerationRecord,
  type IndividualRecord,
  type JournalEvent,
  type LimitsRecord,
  type ObjectiveDescription,
  type Provenance,
  type RunEnded,
  type RunStarted,
} from './run/journal-events.ts';
export { recombine, type NamedModel, type RecombinationEvents, type RecombineOptions } from './recombine.ts';
export type { RecombinationSettings } from './recombination-settings.ts';
export { resume, type ResumeOptions } from './resume.ts';
export { openRun, type OpenedRun } from './run/open-run.ts';
export {
  frontOf,
  hypervolumeOf,
  operatorLabel,
  optimised,
  type FrontMember,
  type RunRecord,
} from './run/run-record.ts';
export { dominates, type ObjectiveVector } from '../src/pareto/dominance.ts';
export { nonDominatedSort } from '../src/pareto/non-dominated-sort.ts';
export { rankAndCrowd, survive, type Standing } from '../src/pareto/nsga2.ts';
export type { Variation } from './variation.ts';
export { selections } from './selection/registry.ts';
export type { Scored, Selection } from './selection/selection.ts';
