// A training that can be taken step by step, and saved and resumed between any two steps.
import { augmentBatch } from '../data/augment.ts';
import { batchOf, type Samples } from '../data/samples.ts';
import type { Engine, Program } from '../engine/engine.ts';
import { expected, Words } from '../errors.ts';
import { RandomStream } from '../random/stream.ts';
import { checkTrainOptions } from './check-train-options.ts';
import { isBetter, isOver, type BestEpoch } from './early-stopping.ts';
import type { LossMetrics } from './losses/loss.ts';
import { measure } from './measure.ts';
import { adam } from './optimisers/adam.ts';
import { cosineSchedule } from './schedules.ts';
import type { TrainOptions } from './train-options.ts';
import { TrainingDiverged } from './training-diverged.ts';
import type { TrainingPosition } from './training-position.ts';
import type { TrainedNetwork } from './training-state.ts';

/** What a training came to: the best epoch's weights with early stopping, else the last ones. */
export interface TrainResult extends TrainedNetwork {
  /** Mean training loss of the last whole epoch; NaN where there was none. */
  readonly loss: number;
  /** Samples that went through a training step. */
  readonly samplesSeen: number;
  /** With early stopping: the epoch whose weights these are, and its validation loss. */
  readonly best: Pick<BestEpoch, 'epoch' | 'loss'> | undefined;
}

const defaultSchedule = cosineSchedule({ warmUp: 0.1 });

/** A training under way: `step` until `finished`, then `result`, and `dispose` in any case. */
export class Trainer {
  readonly #program: Program;
  readonly #samples: Samples;
  readonly #options: TrainOptions;
  /** Batches of one epoch. */
  readonly #batches: number;
  readonly #steps: number;
  readonly #rng: RandomStream;
  readonly #noise: RandomStream;
  #step: number;
  #order: readonly number[] = [];
  /** The shuffling stream's place before the running epoch. */
  #stream: TrainingPosition['stream'];
  #loss: number;
  #correct: number;
  #best: BestEpoch | undefined;
  #lastLoss = NaN;
  /** Weights at which the loss was finite, and weights at which it is yet to be seen. */
  #good: TrainedNetwork;
  #unproven: TrainedNetwork | undefined;
  #clock = { seconds: 0, samples: 0 };

  private constructor(
    program: Program,
    { samples, options, trained }: { samples: Samples; options: TrainOptions; trained: TrainedNetwork },
    position: TrainingPosition,
    streams: { rng: RandomStream; noise: RandomStream },
  ) {
    this.#program = program;
    this.#samples = samples;
    this.#options = options;
    this.#batches = batchesOf(samples, options);
    this.#steps = position.steps;
    this.#rng = streams.rng;
    this.#noise = streams.noise;
    this.#step = position.step;
    this.#stream = position.stream;
    this.#loss = position.loss;
    this.#correct = position.correct;
    this.#best = position.best;
    this.#good = trained;
    if (this.#batchIndex > 0) this.#shuffle();
  }

  /** A new training, whose draws come from `rng`. Throws `bad-argument` for settings that make no sense. */
  static async start(
    engine: Engine,
    trained: TrainedNetwork,
    samples: Samples,
    options: TrainOptions,
    rng: RandomStream,
  ): Promise<Trainer> {
    const noise = rng.fork('noise');
    const position = {
      step: 0,
      steps: options.epochs * batchesOf(samples, options),
      stream: rng.state(),
      noise: noise.state(),
      loss: 0,
      correct: 0,
    };
    return Trainer.#create(engine, { samples, options, trained }, position, { rng, noise });
  }

  /**
   * Goes on with a training that `state` took down, bit for bit, given the same samples and options.
   *
   * Throws `bad-argument` for a state of no unfinished training, or of one with another number of steps.
   */
  static async resume(
    engine: Engine,
    trained: TrainedNetwork,
    samples: Samples,
    options: TrainOptions,
  ): Promise<Trainer> {
    const { position } = trained.state;
    if (!position)
      throw expected('bad-argument', 'the state of a training to resume', new Words('one without a position'));
    const steps = options.epochs * batchesOf(samples, options);
    if (position.steps !== steps) throw expected('bad-argument', `a training of ${position.steps} steps`, steps);
    const streams = { rng: RandomStream.fromState(position.stream), noise: RandomStream.fromState(position.noise) };
    return Trainer.#create(engine, { samples, options, trained }, position, streams);
  }

  static async #create(
    engine: Engine,
    subject: { samples: Samples; options: TrainOptions; trained: TrainedNetwork },
    position: TrainingPosition,
    streams: { rng: RandomStream; noise: RandomStream },
  ): Promise<Trainer> {
    const { trained, options, samples } = subject;
    checkTrainOptions(samples, options);
    const program = await engine.compile([trained.network], {
      state: trained.state,
      noise: streams.noise,
      ...(options.trainable && { trainable: options.trainable }),
    });
    return new Trainer(program, subject, position, streams);
  }

  /** Whether all epochs are done, or early stopping has ended them. */
  get finished(): boolean {
    const { earlyStopping } = this.#options;
    if (this.#step >= this.#steps) return true;
    return earlyStopping !== undefined && isOver(this.#epochsDone, earlyStopping, this.#best);
  }

  /**
   * Takes the next batch through one update; the last one of an epoch also closes the epoch. Metrics are of before the
   * update.
   *
   * Throws `TrainingDiverged` when the loss or the weights stop being finite, `bad-argument` after the end.
   */
  async step(): Promise<LossMetrics> {
    if (this.finished) throw expected('bad-argument', 'a training that goes on', new Words('one that is finished'));
    const { count } = this.#samples;
    const { learningRate, optimiser = adam, schedule = defaultSchedule, loss, clipNorm } = this.#options;
    const index = this.#batchIndex;
    if (index === 0) this.#shuffle();
    const began = performance.now();
    const batch = this.#batch(
      this.#order.slice(Math.floor((index * count) / this.#batches), Math.floor(((index + 1) * count) / this.#batches)),
    );
    const metrics = await this.#program.step(
      batch,
      batch.targets,
      optimiser(learningRate * schedule(this.#step / this.#steps)),
      { ...(loss && { loss }), ...(clipNorm !== undefined && { clipNorm }) },
    );
    if (!Number.isFinite(metrics.loss)) {
      const place = `in epoch ${this.#epochsDone + 1}, batch ${index + 1}`;
      throw new TrainingDiverged(`Expected a finite training loss, got ${metrics.loss} ${place}`, this.#good);
    }
    this.#prove();
    this.#loss += (metrics.loss * batch.size) / count;
    this.#correct += metrics.correct ?? 0;
    this.#clock.seconds += (performance.now() - began) / 1000;
    this.#clock.samples += batch.size;
    this.#step += 1;
    if (this.#batchIndex === 0) await this.#closeEpoch(metrics.correct !== undefined);
    return metrics;
  }

  /** All that `resume` needs, as plain data; `saveSafetensors` stores it. */
  async state(): Promise<TrainedNetwork> {
    const position = {
      step: this.#step,
      steps: this.#steps,
      stream: this.#stream,
      noise: this.#noise.state(),
      loss: this.#loss,
      correct: this.#correct,
      ...(this.#best && { best: this.#best }),
    };
    const { network, state } = await this.#program.snapshot();
    return { network, state: { ...state, position } };
  }

  /** The network as trained so far: with early stopping that of the best epoch, as soon as there is one. */
  async result(): Promise<TrainResult> {
    const best = this.#best && { epoch: this.#best.epoch, loss: this.#best.loss };
    const inEpoch = Math.floor((this.#batchIndex * this.#samples.count) / this.#batches);
    const samplesSeen = this.#epochsDone * this.#samples.count + inEpoch;
    const trained = this.#best?.trained ?? (await this.#program.snapshot());
    return { ...trained, loss: this.#lastLoss, samplesSeen, best };
  }

  /** Frees what the engine holds. */
  dispose(): Promise<void> {
    return this.#program.dispose();
  }

  get #epochsDone(): number {
    return Math.floor(this.#step / this.#batches);
  }

  /** Of the next step. */
  get #batchIndex(): number {
    return this.#step % this.#batches;
  }

  #shuffle(): void {
    this.#order = this.#rng.shuffle(Array.from(this.#samples.labels.keys()));
  }

  #batch(positions: readonly number[]): ReturnType<typeof batchOf> {
    const { targets, augment } = this.#options;
    const batch = batchOf(this.#samples, positions, targets);
    if (!augment) return batch;
    // A stream of the step's own: nothing but the step's number must be kept to draw the same again.
    const rng = this.#rng.fork(`augment ${this.#step}`);
    return { ...batch, data: augmentBatch(batch.data, this.#samples.shape, augment, rng) };
  }

  async #closeEpoch(hasHits: boolean): Promise<void> {
    const { epochs, loss, earlyStopping, onEpoch } = this.#options;
    const epoch = this.#epochsDone;
    const trained = await this.#program.snapshot();
    if (!isFinite(trained)) {
      throw new TrainingDiverged(`Expected finite weights, got others after epoch ${epoch}`, this.#good);
    }
    this.#unproven = trained;
    let validation: LossMetrics | undefined;
    if (earlyStopping) {
      const { validation: samples, targets } = earlyStopping;
      [validation] = await measure(this.#program, samples, { ...(loss && { loss }), ...(targets && { targets }) });
      if (!Number.isFinite(validation!.loss)) {
        const message = `Expected a finite validation loss, got ${validation!.loss} after epoch ${epoch}`;
        throw new TrainingDiverged(message, this.#good);
      }
      this.#prove();
      if (isBetter(validation!.loss, earlyStopping, this.#best))
        this.#best = { epoch, loss: validation!.loss, trained };
    }
    onEpoch?.({
      epoch,
      epochs,
      loss: this.#loss,
      accuracy: hasHits ? this.#correct / this.#samples.count : undefined,
      samplesPerSecond: this.#clock.samples / this.#clock.seconds,
      validation,
    });
    this.#lastLoss = this.#loss;
    this.#loss = 0;
    this.#correct = 0;
    this.#clock = { seconds: 0, samples: 0 };
    this.#stream = this.#rng.state();
  }

  /** A finite loss was seen at the weights of the last epoch's end. */
  #prove(): void {
    this.#good = this.#unproven ?? this.#good;
    this.#unproven = undefined;
  }
}

function batchesOf({ count }: Samples, { batchSize }: TrainOptions): number {
  return Math.ceil(count / batchSize);
}

function isFinite({ network }: TrainedNetwork): boolean {
  return network.nodes.every(({ params }) =>
    // A third of the time that asking of each value takes.
    Object.values(params).every(({ data }) => ![NaN, Infinity, -Infinity].some((value) => data.includes(value))),
  );
}
