// Hypervolumes that others have published: values from the tests of other packages, and counts from combinatorics.
import { describe, expect, it } from 'vitest';
import { hypervolume } from '../../../src/pareto/hypervolume.ts';

interface Published {
  readonly source: string;
  readonly points: readonly (readonly number[])[];
  readonly reference: readonly number[];
  readonly volume: number;
}

/** All to be minimised; where the source maximises, the signs of those axes are turned. */
const published: readonly Published[] = [
  {
    source: 'moarchiving, test_moarchiving3obj.py, test_hypervolume_easy',
    points: [
      [1, 2, 3],
      [2, 3, 1],
      [3, 1, 2],
    ],
    reference: [4, 4, 4],
    volume: 13,
  },
  {
    source: 'moarchiving, test_moarchiving4obj.py, test_hypervolume_easy',
    points: [
      [0, 1, 2, 3],
      [1, 2, 3, 0],
      [2, 3, 0, 1],
      [3, 0, 1, 2],
    ],
    reference: [4, 4, 4, 4],
    volume: 71,
  },
  {
    source: 'ECJ, HypervolumeStatisticsTest.java, testHypervolume11, by the program of Fonseca et al.; maximised',
    points: [
      [-4, -5, -6, -7],
      [-7, -5, -6, -4],
      [-6, -8, -5, -7],
      [-1, -1, -10, -1],
      [-10, -1, -1, -1],
    ],
    reference: [0, 0, 0, 0],
    volume: 1987,
  },
  {
    source: 'ECJ, HypervolumeStatisticsTest.java, testHypervolume12, by the same; first and third axis maximised',
    points: [
      [-10, 4, -1, 40],
      [-15, 3, -0.5, 49],
      [-15, 2, -0.5, 30],
      [-1, 4, -5, 10],
    ],
    reference: [0, 5, 0, 50],
    volume: 685,
  },
  {
    source: 'BoTorch, test_hypervolume.py, m=4; maximised',
    points: [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ],
    reference: [2.1, 2.5, 2.3, 2],
    volume: 23.15,
  },
  {
    source: 'moarchiving, test_moarchiving4obj.py, test_hypervolume, by the C program of Guerreiro and Fonseca',
    points: [
      [1, 2, 3, 1],
      [4, 5, 6, 0.5],
      [7, 8, 9, 0.7],
      [2, 1, 0.5, 0.6],
      [3, 4, 5, 0.8],
      [6, 7, 8, 0.3],
      [9, 1, 2, 0.9],
      [5, 6, 7, 0.2],
      [8, 9, 1, 0.4],
      [0, 1, 2, 0.1],
    ],
    reference: [10, 10, 10, 10],
    volume: 8143.6,
  },
  {
    source: 'moarchiving, the same test, ten random points',
    points: [
      [0.6394267984578837, 0.025010755222666936, 0.27502931836911926, 0.22321073814882275],
      [0.7364712141640124, 0.6766994874229113, 0.8921795677048454, 0.08693883262941615],
      [0.4219218196852704, 0.029797219438070344, 0.21863797480360336, 0.5053552881033624],
      [0.026535969683863625, 0.1988376506866485, 0.6498844377795232, 0.5449414806032167],
      [0.2204406220406967, 0.5892656838759087, 0.8094304566778266, 0.006498759678061017],
      [0.8058192518328079, 0.6981393949882269, 0.3402505165179919, 0.15547949981178155],
      [0.9572130722067812, 0.33659454511262676, 0.09274584338014791, 0.09671637683346401],
      [0.8474943663474598, 0.6037260313668911, 0.8071282732743802, 0.7297317866938179],
      [0.5362280914547007, 0.9731157639793706, 0.3785343772083535, 0.552040631273227],
      [0.8294046642529949, 0.6185197523642461, 0.8617069003107772, 0.577352145256762],
    ],
    reference: [1, 1, 1, 1],
    volume: 0.37037902191204,
  },
  {
    source: 'pagmo2, tests/hypervolume.cpp, hypervolume_compute_test',
    points: [
      [2.3, 4.5, 3.2, 1.9, 6],
      [3.4, 3.4, 3.4, 2.1, 5.8],
      [6, 1.2, 3.6, 3, 6],
    ],
    reference: [7, 7, 7, 7, 7],
    volume: 373.21228,
  },
  {
    source: 'BoTorch, test_hypervolume.py, m=5, of DTLZ2; maximised',
    points: [
      [0.42890000759972685, 0.1446377658556118, 0.10335085850913295, 0.49502106785623134, 0.7344368200145969],
      [0.5124511265981003, 0.5332028064973291, 0.36775794432917486, 0.5261970836251835, 0.20238412378158688],
      [0.5960106882406603, 0.32491865590163566, 0.5815435820797972, 0.08375675085018466, 0.44044408882261904],
      [0.6135323874039154, 0.5658986040644925, 0.39684098121151284, 0.3798488823307603, 0.03960860698719982],
      [0.3957157311550265, 0.4045394517331393, 0.07282417302694655, 0.5699496614967537, 0.5912790502720109],
      [0.06392539039575441, 0.17204800894814581, 0.6620860391018546, 0.7241037454151875, 0.06024010111083461],
    ],
    reference: [1.1, 1.1, 1.1, 1.1, 1.1],
    volume: 0.42127855991587,
  },
];

describe('hypervolume agrees with', () => {
  it.each(published)('$source', ({ points, reference, volume }) => {
    const relative = hypervolume(points, reference) / volume;
    expect(relative).toBeCloseTo(1, 12);
    if ([...points.flat(), ...reference].every(Number.isInteger)) expect(relative).toBe(1);
    // Axes are alike: in another order they bound the same volume.
    const turned = points.map((point) => point.toReversed());
    expect(hypervolume(turned, reference.toReversed()) / volume).toBeCloseTo(1, 12);
  });

  it.each([4, 5, 6, 7, 8, 9])('Optuna, test_wfg.py, test_wfg_nd, in %i-D: all but one unit cube', (dimensions) => {
    const axes = Array.from({ length: dimensions }, (_, axis) => axis);
    const units = axes.map((one) => axes.map((axis) => (axis === one ? 1 : 0)));
    const reference = axes.map(() => 10);
    expect(hypervolume(units, reference)).toBe(10 ** dimensions - 1);
  });

  // Konheim and Weiss 1966, "An occupancy discipline and applications": there are (n + 1)^(n - 1) parking functions, lists
  // of n numbers whose i-th smallest is i at most. Counted down from n + 1, each is a unit cell that some permutation of
  // 1 to n dominates. For n = 4, the tests of moarchiving (test_hypervolume_improvement) say the same.
  it.each([2, 3, 4, 5])('the number of parking functions of length %i, for all permutations', (length) => {
    const numbers = Array.from({ length }, (_, at) => at + 1);
    const all = permutations(numbers);
    const volume = (length + 1) ** (length - 1);
    const reference = numbers.map(() => length + 1);
    expect(hypervolume(all, reference)).toBe(volume);
    if (length !== 4) return;
    for (const [corner, gain] of [
      [1, 131],
      [2, 20],
      [3, 1],
    ] as const)
      expect(hypervolume([...all, numbers.map(() => corner)], reference)).toBe(volume + gain);
  });
});

function permutations(of: readonly number[]): number[][] {
  if (of.length === 0) return [[]];
  return of.flatMap((head) => permutations(of.filter((other) => other !== head)).map((tail) => [head, ...tail]));
}
