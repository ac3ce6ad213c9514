// Where a process spent its time, by part of the project: from the profiles that node --cpu-prof writes for each thread.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Frame {
  readonly functionName: string;
  readonly url: string;
}

/** The format of the Chrome DevTools Protocol, domain Profiler. */
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame; readonly children?: readonly number[] }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

export const kernels = 'kernels of the engine';
export const idle = 'idle';
export const startingUp = 'loading of modules';
const other = 'other';

/**
 * The first rule that fits a frame, innermost frame first, says what the time went to. Frames that none fits belong to
 * whoever called them: layers, networks and libraries to the graph that is made of them, or the child, or the manifest.
 */
const rules: readonly (readonly [part: string, url: RegExp, name?: RegExp])[] = [
  [idle, /^$/, /^\(idle\)$/],
  [idle, /piscina/, /^atomicsWaitLoop$/],
  ['garbage collection', /^$/, /^\(garbage collector\)$/],
  ['sessions: build and free', /onnxruntime-node\/dist\/backend/, /SessionHandler$|^dispose$/],
  [kernels, /onnxruntime-node\/dist\/backend/],
  ['sessions: graphs', /protobufjs|engine\/onnx\/(emit|flat|normal|onnx-(graph|schema)|training-s)/],
  ['stitches: fit', /\/stitching\/fit\//],
  ['batches', /\/src\/data\/samples/],
  ['loading of data', /\/src\/data\//],
  ['journal, blobs and files', /\/src\/store\/(blob|files|folder|journal)|\/population\/run\//],
  ['packing and hashing', /\/src\/(store|formats)\/|\/evaluate-candidate/],
  ['transfer between threads', /piscina|node:internal\/worker\/io/],
  ['engine outside of kernels', /\/src\/engine\/|onnxruntime-common/],
  ['training loop, losses, metrics', /\/src\/training\/|\/population\/evaluation\//],
  ['making children, selection', /\/(operators|stitching|population)\/|\/src\/(pareto|random)\//],
  ['report and command line', /\/(report|cli)\/|echarts/],
  [startingUp, /node:internal\/(modules|bootstrap|main)|cjs-module-lexer/],
  ['native code outside of JavaScript', /^$/, /^\(program\)$/],
];

/** What nobody of ours called: the ends of what was begun and not waited for. */
const leftovers: readonly (readonly [part: string, url: RegExp])[] = [
  ['journal, blobs and files', /node:(internal\/)?(fs|zlib)/],
];

/** Seconds of each part in one thread. */
export type SecondsByPart = Readonly<Record<string, number>>;

/** Each thread's seconds by part. */
export function readProfiles(folder: string): SecondsByPart[] {
  return readdirSync(folder).map((name) =>
    secondsByPart(JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile),
  );
}

function secondsByPart({ nodes, samples, timeDeltas }: CpuProfile): SecondsByPart {
  const parts = new Map<number, string>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const descend = (id: number, outer: string): void => {
    const { callFrame, children = [] } = byId.get(id)!;
    const part = partOf(callFrame) ?? (outer === other ? leftoverOf(callFrame) : undefined) ?? outer;
    parts.set(id, part);
    for (const child of children) descend(child, part);
  };
  descend(nodes[0]!.id, other);
  const seconds: Record<string, number> = {};
  samples.forEach((id, at) => {
    const part = parts.get(id)!;
    seconds[part] = (seconds[part] ?? 0) + timeDeltas[at]! / 1e6;
  });
  return seconds;
}

function partOf({ functionName, url }: Frame): string | undefined {
  return rules.find(([, place, name]) => place.test(url) && (name?.test(functionName) ?? true))?.[0];
}

function leftoverOf({ url }: Frame): string | undefined {
  return leftovers.find(([, place]) => place.test(url))?.[0];
}
