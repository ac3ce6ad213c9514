// What a run's journal says: one event a line, in the order in which things were decided.
import { z } from 'zod';
import { attributesSchema } from '../../src/store/model-manifest.ts';
import { evolutionConfigSchema } from '../config.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const metrics = z.strictObject({
  /** Share of wrong samples, 0..1. */
  error: z.number(),
  /** Mean cross-entropy, nats. */
  loss: z.number(),
});

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

/** Milliseconds since 1970: the only part of an event that differs between equal runs. */
const at = z.number();

export const runStartedSchema = z.strictObject({
  type: z.literal('run'),
  at,
  /** Of what `evolve` began, and `resume` can go on with; another command's run does not have it. */
  by: z.literal('evolve').exactOptional(),
  /** What code put in, and must put in again for the run to go on. */
  parts: z.array(z.enum(['first', 'operators'])).exactOptional(),
  version: z.string(),
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
  /** The hypervolume's reference point: validation error and MACs. */
  reference: z.tuple([z.number(), z.number()]),
});

export const individualSchema = z.strictObject({
  type: z.literal('individual'),
  at,
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
  validation: metrics.nullable(),
  failure: z.string().nullable(),
  /** Hash of the model's manifest blob; null for a failure. */
  model: hash.nullable(),
  /** Training samples that this individual itself went through, and with all its ancestors. */
  samplesSeen: z.int(),
  samplesInherited: z.int(),
});

export const generationSchema = z.strictObject({
  type: z.literal('generation'),
  at,
  generation: z.int(),
  evaluations: z.int(),
  /** Ids of the survivors, and of the archive's front by rising MACs. */
  survivors: z.array(z.string()),
  front: z.array(z.string()),
  /** Share of the box between (0, 0) and the reference that the front dominates, 0..1. */
  hypervolume: z.number(),
});

/** Metrics on the test part, taken once the run is over; never used for selection. */
export const testedSchema = z.strictObject({ type: z.literal('tested'), at, id: z.string(), test: metrics });

/** New limits: the run was resumed with them. The other settings stay what they were. */
export const limitsSchema = z.strictObject({
  type: z.literal('limits'),
  at,
  generations: z.int().min(0),
  maxEvaluations: z.int().min(1).nullable(),
});

/** Why a run ended: one of its limits, no child that could be made (`exhausted`), or a signal. */
export const runEndedSchema = z.strictObject({
  type: z.literal('end'),
  at,
  reason: z.enum(['generations', 'maxEvaluations', 'exhausted', 'interrupted']),
});

/** The schema of one line of journal.jsonl. */
export const journalEventSchema = z.discriminatedUnion('type', [
  runStartedSchema,
  individualSchema,
  generationSchema,
  testedSchema,
  limitsSchema,
  runEndedSchema,
]);

/** How an individual came to be. */
export type Provenance = z.infer<typeof provenanceSchema>;
/** The first event: settings, data and reference point. */
export type RunStarted = z.infer<typeof runStartedSchema>;
/** One evaluated candidate. */
export type IndividualRecord = z.infer<typeof individualSchema>;
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
export type UntimedEvent = DistributiveOmit<JournalEvent, 'at'>;
