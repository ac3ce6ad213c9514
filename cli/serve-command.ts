// neurostitch serve: the report in the browser, live while a run goes on.
import { once } from 'node:events';
import { Command } from 'commander';
import { serveReports } from '../report/index.ts';
import { helpExamples } from './help-examples.ts';
import { wholeNumber } from './option-values.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface ServeFlags {
  readonly host?: string;
  readonly port?: number;
  readonly json?: true;
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve the report of a run, live while it goes on, or of all runs in a folder. Ctrl-C ends it.')
    .argument('<folder>', 'a run folder, or a folder of run folders')
    .option('--host <name>', 'the address to listen on; any but 127.0.0.1 lets others read, too', '127.0.0.1')
    .option(
      '--port <n>',
      'the port, 0 for any that is free (default: 6464 or the next that is free)',
      wholeNumber('--port', 0, 65535),
    )
    .option('--json', 'print the address as JSON')
    .addHelpText('after', helpExamples('serve runs', 'serve runs/x --port 8080'))
    .action((folder: string, { json, ...options }: ServeFlags) =>
      untilInterrupted(
        () => undefined,
        async (signal) => {
          const server = await serveReports(folder, options);
          process.stdout.write(
            json ? `${JSON.stringify({ url: server.url })}\n` : `Serving ${folder} at ${server.url} (Ctrl-C ends)\n`,
          );
          if (!signal.aborted) await once(signal, 'abort');
          await server.close();
        },
      ),
    );
}
