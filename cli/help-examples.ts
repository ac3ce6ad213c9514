// The examples at the end of a command's --help.

/** Commands without the program's name, as they work one after the other in a folder with what they name. */
export function helpExamples(...commands: readonly string[]): string {
  const lines = commands.map((command) => `  neurostitch ${command}`);
  return `\n${commands.length > 1 ? 'Examples' : 'Example'}:\n${lines.join('\n')}`;
}
