// Times both sides of a benchmark in turns, for each network and number of threads.
import { setTimeout as pause } from 'node:timers/promises';
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import type { Batch, Program, Targets } from '../src/engine/engine.ts';
import { median } from './median.ts';
import { networkNames, networks, randomBatch, type NetworkName } from './networks.ts';
import { noPytorch, Pytorch } from './pytorch.ts';

const size = 128;
const threadCounts = [1, 2];
const warmUp = 3;
const runs = 21;
// The threads of either side spin for a while after a run, and would take time from the other's.
const restMs = 20;

interface SideBySide {
  readonly network: NetworkName;
  readonly threads: number;
  readonly median_ms: number;
  /** A text where there is no peer. */
  readonly peer: { readonly name: string; readonly median_ms: number } | string;
  /** Our median over the peer's. */
  readonly ratio: number | undefined;
}

/** Runs `work` and PyTorch's `peerWork` in turns: where others use the machine, both sides suffer alike. */
export async function sideBySide(
  work: (program: Program, batch: Batch, targets: Targets) => Promise<unknown>,
  peerWork: 'forward' | 'step',
): Promise<{ unit: string; batch: number; runs: number; results: SideBySide[] }> {
  const results: SideBySide[] = [];
  for (const name of networkNames) {
    for (const threads of threadCounts) results.push(await measureOne(name, threads, work, peerWork));
  }
  return { unit: 'ms', batch: size, runs, results };
}

async function measureOne(
  name: NetworkName,
  threads: number,
  work: Parameters<typeof sideBySide>[0],
  peerWork: Parameters<typeof sideBySide>[1],
): Promise<SideBySide> {
  const network = networks[name]();
  const { batch, targets } = randomBatch(network, size);
  const program = await onnxEngine({ threads }).compile([network]);
  const pytorch = await Pytorch.start(name, threads, size);
  const [own, peer]: [number[], number[]] = [[], []];
  for (let run = 0; run < warmUp + runs; run++) {
    const start = performance.now();
    await work(program, batch, targets);
    if (run >= warmUp) own.push(performance.now() - start);
    await pause(restMs);
    const theirs = await pytorch?.time(peerWork);
    if (run >= warmUp && theirs !== undefined) peer.push(theirs);
    await pause(restMs);
  }
  await program.dispose();
  await pytorch?.stop();
  const [mine, theirs] = [median(own), median(peer)];
  return {
    network: name,
    threads,
    median_ms: mine,
    peer: pytorch ? { name: `PyTorch ${pytorch.version}`, median_ms: theirs } : noPytorch,
    ratio: pytorch && mine / theirs,
  };
}
