import { removeLeftoversAtExit } from '../../../_dev/elasticsearch/leftovers.ts';
import { provideElasticsearch } from '../../../_dev/elasticsearch/provide-elasticsearch.ts';

// Run by use-home.test.ts as a process of its own, to be interrupted while the engine starts.
removeLeftoversAtExit();
await provideElasticsearch({ env: process.env, log: (line) => process.stdout.write(`${line}\n`) });
