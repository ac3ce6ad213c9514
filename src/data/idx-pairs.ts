// Finds the files of images and labels that belong together in a folder of IDX files.
import { expected, Words } from '../errors.ts';

/** Names of two files in the folder. */
export interface IdxPair {
  readonly images: string;
  readonly labels: string;
}

const imageFile = /^(.*)images-idx3-ubyte(\.gz)?$/;

/**
 * One pair, whatever it is called, or two: `*train-*` to train on, and `*t10k-*` or `*test-*`, with the same text in
 * front, held out. Of a file that lies there both packed and unpacked the unpacked one is taken.
 *
 * Throws `bad-data` where there is no pair, or where it is not clear which ones are meant.
 */
export function findIdxPairs(
  files: readonly string[],
  folder: string,
): { readonly training: IdxPair; readonly heldOut: IdxPair | undefined } {
  const find = (name: string): string | undefined => [name, `${name}.gz`].find((file) => files.includes(file));
  const pairOf = (stem: string): IdxPair => {
    const images = find(`${stem}images-idx3-ubyte`)!;
    const wanted = `${stem}labels-idx1-ubyte`;
    const labels = find(wanted);
    if (!labels) throw expected('bad-data', `the file ${wanted}[.gz] beside ${images}`, new Words('none'), folder);
    return { images, labels };
  };

  const stems = [...new Set(files.flatMap((file) => imageFile.exec(file)?.[1] ?? []))].sort();
  const [only] = stems;
  if (only === undefined) {
    const got = files.length > 0 ? files : 'an empty folder';
    throw expected('bad-data', 'a file *images-idx3-ubyte[.gz] in the folder', got, folder);
  }
  if (stems.length === 1) return { training: pairOf(only), heldOut: undefined };
  const training = stems.find((stem) => stem.endsWith('train-'));
  const heldOut = stems.find((stem) => training === stem.replace(/(t10k|test)-$/, 'train-') && stem !== training);
  if (stems.length > 2 || training === undefined || heldOut === undefined) {
    const wanted = 'one pair of IDX files, or a pair *train-* with its pair *t10k-* or *test-*';
    const candidates = files.filter((file) => imageFile.test(file)).sort();
    throw expected('bad-data', wanted, candidates.join(', '), folder);
  }
  return { training: pairOf(training), heldOut: pairOf(heldOut) };
}
