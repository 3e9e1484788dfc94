import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { OnlyonceOpsOptions } from './ops.options.js';

export const {
  ConfigurableModuleClass: OnlyonceConfigurableOpsModule,
  MODULE_OPTIONS_TOKEN: ONLYONCE_OPS_OPTIONS,
} = new ConfigurableModuleBuilder<OnlyonceOpsOptions>({ moduleName: 'OnlyonceOps' })
  .setClassMethodName('forRoot')
  .build();
