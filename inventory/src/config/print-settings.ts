import { settingsTable } from '@onlyonce/service/config';
import { inventorySettings } from './inventory-config.js';

// For people and for documents: `node inventory/dist/config/print-settings.js` prints the table of settings.
process.stdout.write(`${settingsTable(inventorySettings('-'))}\n`);
