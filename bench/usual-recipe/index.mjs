// @ts-check
export { lockKey, RecipeConsumer } from './consumer.mjs';
export { RecipePublisher } from './publisher.mjs';
