// Applies, each time it is sent settings, and sends back what was said: the client is loaded once for all tests.
import { apply } from '../../src/apply/apply.ts';
import type { Settings } from '../../src/apply/settings.ts';

process.on('message', (settings: Settings) => {
  const said: string[] = [];
  void apply(settings, (text) => said.push(text)).then((tally) =>
    process.send?.({ out: said.join('\n'), tally }),
  );
});
process.send?.('ready');
