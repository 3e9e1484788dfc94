import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { OnlyonceOptions } from './onlyonce.options.js';

export const {
  ConfigurableModuleClass: OnlyonceConfigurableModule,
  MODULE_OPTIONS_TOKEN: ONLYONCE_OPTIONS,
  ASYNC_OPTIONS_TYPE: ONLYONCE_ASYNC_OPTIONS,
} = new ConfigurableModuleBuilder<OnlyonceOptions>({ moduleName: 'Onlyonce' })
  .setClassMethodName('forRoot')
  .build();
