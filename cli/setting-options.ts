// A run's settings as options of the command line, made from the settings' own schema.
import { Option } from 'commander';
import { configJsonSchema } from '../population/index.ts';
import { choice } from './option-values.ts';

/** What a JSON Schema says of one setting. */
export interface SettingSchema {
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly SettingSchema[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, SettingSchema>>;
  readonly description?: string;
  readonly default?: unknown;
}

/** The settings of an evolution as a JSON Schema of what a user may write. */
export function settingsSchema(): SettingSchema {
  return configJsonSchema();
}

/** The settings that are no objects; those are for config files. */
export function plainSettings(): readonly string[] {
  return Object.entries(settingsSchema().properties ?? {}).flatMap(([key, setting]) =>
    typesOf(setting).includes('object') ? [] : [key],
  );
}

/** An option for each of these settings, named after it: `--max-evaluations` for `maxEvaluations`. */
export function settingOptions(keys: readonly string[]): Option[] {
  const settings = settingsSchema().properties ?? {};
  return keys.map((key) => optionOf(key, settings[key]!));
}

/** Of a command's flags those that are settings. */
export function settingsIn(flags: object): object {
  const known = settingsSchema().properties ?? {};
  return Object.fromEntries(Object.entries(flags).filter(([key]) => Object.hasOwn(known, key)));
}

function optionOf(key: string, setting: SettingSchema): Option {
  const types = typesOf(setting);
  const name = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const isNumber = types.includes('number') || types.includes('integer');
  const form = types.includes('boolean') ? '' : types.includes('array') ? ' <name...>' : isNumber ? ' <n>' : ' <name>';
  const flags = `${name}${form}`;
  const description = optionText(setting);
  if (setting.enum) return choice(flags, description, setting.enum);
  // What is no number is left as it is: the settings' own check says what was expected.
  const parsed = (text: string): unknown => (text.trim() === '' || isNaN(Number(text)) ? text : Number(text));
  return isNumber ? new Option(flags, description).argParser(parsed) : new Option(flags, description);
}

/** On the command line the default is what is not given; it cannot be null, nor a switch be off. */
function optionText({ description = '', default: byDefault }: SettingSchema): string {
  const text = description.replace(/\.$/, '').replace(/; null means (.*)$/, ' (default: $1)');
  if (byDefault === null || byDefault === false) return text;
  return `${text} (default: ${[byDefault].flat().map(String).join(' ')})`.trim();
}

function typesOf({ type = [], anyOf = [] }: SettingSchema): readonly string[] {
  return [type, anyOf.flatMap(typesOf)].flat(2);
}
