import { Command } from 'commander';
import { expect, test } from 'vitest';
import { plainSettings, settingOptions, settingsIn, settingsSchema } from '../../../cli/setting-options.ts';

function parse(...args: string[]): object {
  const command = new Command();
  for (const option of settingOptions(plainSettings())) command.addOption(option);
  return settingsIn({ ...command.parse(args, { from: 'user' }).opts(), json: true });
}

test('every setting that is no object has an option of its name, with its default in words', () => {
  const options = settingOptions(plainSettings());
  const settings = Object.entries(settingsSchema().properties!);
  const plain = settings.filter(([, { type }]) => type !== 'object').map(([key]) => key);
  expect(options.map((option) => option.attributeName())).toEqual(plain);
  expect(options.map(({ long }) => long)).toContain('--max-evaluations');
  expect(options.find(({ long }) => long === '--data')!.description).toContain('(default: digits)');
});

test('what is given is a setting; what is not is left to the config file', () => {
  expect(parse()).toEqual({});
  expect(parse('--seed', '-3', '--stitch-share', '0.5', '--max-evaluations', '7', '--data', '12')).toEqual({
    seed: -3,
    stitchShare: 0.5,
    maxEvaluations: 7,
    data: '12',
  });
  expect(parse('--operators', 'a', 'b')).toEqual({ operators: ['a', 'b'] });
});

test('what is no number is left as it is, for the settings to refuse', () => {
  expect(parse('--seed', 'one', '--children', '')).toEqual({ seed: 'one', children: '' });
});
