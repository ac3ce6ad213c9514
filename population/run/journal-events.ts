// What a run's journal says: one event a line, in the order in which things were decided.
import { z } from 'zod';
import { attributesSchema } from '../../src/store/model-manifest.ts';
import { evolutionConfigSchema, limitNames } from '../config.ts';
import { partNames } from '../evolution-parts.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const metrics = z.strictObject({
  /** Share of wrong samples, 0..1. */
  error: z.number(),
  /** Mean cross-entropy, nats. */
  loss: z.number(),
});
const validation = metrics.extend({
  /** Samples looked at: fewer than all where a rung ended the validation, and error and loss are estimates from these. */
  samples: z.int(),
});
const compute = z.strictObject({
  /** Training samples gone through. */
  samples: z.int(),
  /** Multiply-accumulates of training and of fits: three for each of a forward pass that is learnt from. */
  trainingMacs: z.number(),
  /** Multiply-accumulates of evaluation. */
  evaluationMacs: z.number(),
});
const values = z.record(z.string(), z.number());

/** How an individual came to be. `site` is the operator's own data; `parents` are ids. */
export const provenanceSchema = z.discriminatedUnion('how', [
  z.strictObject({ how: z.literal('first'), name: z.string(), parents: z.tuple([]) }),
  z.strictObject({
    how: z.literal('mutation'),
    operator: z.string(),
    site: attributesSchema,
    parents: z.tuple([z.string()]),
  }),
  z.strictObject({
    how: z.literal('stitching'),
    /** Crossed nodes: from the first parent's node to the second's, and so on. */
    crossings: z.array(z.strictObject({ from: z.string(), to: z.string() })),
    output: z.enum(['a', 'b', 'average']),
    /** Held-out R^2 of each stitch's closed-form fit. */
    fit: z.array(z.number()),
    parents: z.tuple([z.string(), z.string()]),
  }),
]);

/** What every line of the file has. */
const stamp = {
  /** Milliseconds since 1970. */
  at: z.number(),
  /** In the file only: digits of the SHA-256 of the line up to the comma before it, and of the line before. */
  check: z.string().exactOptional(),
};

export const runStartedSchema = z.strictObject({
  type: z.literal('run'),
  ...stamp,
  /** What began it; only what `evolve` began can be resumed. */
  by: z.enum(['evolve', 'recombine']),
  /** What code put in, and must put in again for the run to go on. */
  parts: z.array(z.enum(partNames)).exactOptional(),
  /** Of a recombination: how children were looked for. */
  search: z.string().exactOptional(),
  version: z.string(),
  /** Where the run began. Like times, it may differ between equal runs. */
  machine: z.strictObject({
    node: z.string(),
    platform: z.string(),
    cpu: z.string(),
    cores: z.int(),
    /** Bytes. */
    memory: z.number(),
  }),
  config: evolutionConfigSchema,
  dataset: z.strictObject({
    name: z.string(),
    hash,
    train: z.int(),
    validation: z.int(),
    test: z.int(),
    classes: z.int(),
    shape: z.array(z.int()),
  }),
  /** All objectives that the settings name: the optimised ones in their order, then what only constraints bound. */
  objectives: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      goal: z.enum(['minimise', 'maximise']),
      ideal: z.number(),
      unit: z.string().exactOptional(),
      /** False for what a clock measures. */
      reproducible: z.boolean(),
    }),
  ),
});

export const individualSchema = z.strictObject({
  type: z.literal('individual'),
  ...stamp,
  /** Order of commitment, from 1: the evaluation's number. */
  evaluation: z.int(),
  generation: z.int(),
  id: z.string(),
  /** SHA-256 over all that decides the result: the network, what to train, for how long, with which seed. */
  job: hash,
  provenance: provenanceSchema,
  macs: z.number(),
  params: z.number(),
  /** Null where training or evaluation failed; `failure` says why, and the individual ranks worst. */
  validation: validation.nullable(),
  /** Of a run with rungs: positions in the validation part of the wrong samples, of those looked at, ascending. */
  mistakes: z.array(z.int().min(0)).exactOptional(),
  /** By objective, in its own terms; null for a failure. */
  values: values.nullable(),
  /** How far it breaks the constraints: 0 for not at all, null for a failure. */
  violation: z.number().nullable(),
  failure: z.string().nullable(),
  /** Hash of the model's manifest blob; null for a failure. */
  model: hash.nullable(),
  /** Compute of this individual alone (none for a failure), and of all its ancestors. */
  spent: compute,
  inherited: compute,
});

/** A parent as it was, trained as long as its children of this generation: what they are held against, never selected. */
export const controlSchema = individualSchema.extend({
  type: z.literal('control'),
  provenance: z.strictObject({ how: z.literal('control'), parents: z.tuple([z.string()]) }),
});

export const generationSchema = z.strictObject({
  type: z.literal('generation'),
  ...stamp,
  generation: z.int(),
  evaluations: z.int(),
  /** Ids of the survivors, and of the archive's front by rising MACs. */
  survivors: z.array(z.string()),
  front: z.array(z.string()),
  /** Share of the box between the ideal point and `reference` that the front dominates, 0..1. */
  hypervolume: z.number(),
  /** By objective, in its own terms. */
  reference: values,
});

/** Metrics on the test part, taken once the run is over; never used for selection. */
export const testedSchema = z.strictObject({ type: z.literal('tested'), ...stamp, id: z.string(), test: metrics });

const { shape } = evolutionConfigSchema;
/** New limits: the run was resumed with them. The other settings stay what they were. */
export const limitsSchema = z.strictObject({
  type: z.literal('limits'),
  ...stamp,
  generations: shape.generations.unwrap(),
  maxEvaluations: shape.maxEvaluations.unwrap(),
  maxSamples: shape.maxSamples.unwrap(),
  maxMacs: shape.maxMacs.unwrap(),
  maxSeconds: shape.maxSeconds.unwrap(),
  patience: shape.patience.unwrap(),
});

/** Why a run ended: one of its limits, a stopping rule of the caller's, no child that could be made (`exhausted`), or a signal. */
export const runEndedSchema = z.strictObject({
  type: z.literal('end'),
  ...stamp,
  reason: z.enum([...limitNames, 'stopped', 'exhausted', 'interrupted']),
});

/** The schema of one line of journal.jsonl. */
export const journalEventSchema = z.discriminatedUnion('type', [
  runStartedSchema,
  individualSchema,
  controlSchema,
  generationSchema,
  testedSchema,
  limitsSchema,
  runEndedSchema,
]);

/** What an individual, or all its ancestors, took to train and evaluate. */
export type Compute = z.infer<typeof compute>;
/** How an individual came to be. */
export type Provenance = z.infer<typeof provenanceSchema>;
/** What the journal keeps of an objective, so that its values can be read. */
export type ObjectiveDescription = RunStarted['objectives'][number];
/** The first event: settings, data and objectives. */
export type RunStarted = z.infer<typeof runStartedSchema>;
/** One evaluated candidate. */
export type IndividualRecord = z.infer<typeof individualSchema>;
/** One evaluated control. */
export type ControlRecord = z.infer<typeof controlSchema>;
/** The end of a generation: who survived, and the front so far. */
export type GenerationRecord = z.infer<typeof generationSchema>;
export type TestedRecord = z.infer<typeof testedSchema>;
export type LimitsRecord = z.infer<typeof limitsSchema>;
/** The last event, unless the run was resumed. */
export type RunEnded = z.infer<typeof runEndedSchema>;
/** One line of journal.jsonl. */
export type JournalEvent = z.infer<typeof journalEventSchema>;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** An event before it is stamped with the time. */
export type UntimedEvent = DistributiveOmit<JournalEvent, keyof typeof stamp>;
