import { settingsTable } from '@onlyonce/service/config';
import { orderSettings } from './order-config.js';

// For people and for documents: `node order/dist/config/print-settings.js` prints the table of settings.
process.stdout.write(`${settingsTable(orderSettings('-'))}\n`);
