// Layers as the page shows them: plain data, so that its script reads what was written here.

/** A layer as text for the page: name, kind, what it reads, output shape, parameters, MACs, settings. */
export type ShownLayer = readonly [
  name: string,
  kind: string,
  reads: readonly string[],
  output: string,
  params: number,
  macs: number,
  settings: string,
];

export interface Architectures {
  /** What children share with their parents is in it once. */
  readonly layers: readonly ShownLayer[];
  /** Indices of an individual's layers in topological order, by id. */
  readonly networks: Readonly<Record<string, readonly number[]>>;
}
