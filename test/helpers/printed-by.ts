// What a command prints on standard output when it is called in this process.
import type { Command } from 'commander';
import { vi } from 'vitest';

export async function printedBy(command: Command, args: readonly string[]): Promise<string> {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await command.parseAsync(args, { from: 'user' });
    return written.mock.calls.map(([text]) => text as string).join('');
  } finally {
    written.mockRestore();
  }
}
