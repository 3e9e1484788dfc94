import { afterEach, describe, expect, it } from '@jest/globals';
import { helms, only, render } from './support/helm.mjs';
import { secretsApi } from './support/secrets-api.mjs';

const withHelm = helms.length > 0 ? describe : describe.skip;

withHelm.each(helms)('what a first install made up, with Helm $major', (helm) => {
  let api;
  afterEach(() => api?.close());

  const upgrade = (...flags) =>
    render(helm, 'onlyonce', [
      '--dry-run=server',
      '--kube-apiserver',
      api.url,
      '--kube-version',
      '1.34.0',
      '--disable-openapi-validation',
      ...flags,
    ]);
  const passwordOf = (objects, user) => atob(only(objects, 'Secret', `shop-redis-${user}`).data.password);

  it('is kept by an upgrade: passwords that are there are used again, others are made', async () => {
    api = await secretsApi({ 'shop-redis-order': { password: 'kept' } });
    const objects = await upgrade();
    expect(api.asked).toContain('shop-redis-inventory');
    expect(passwordOf(objects, 'order')).toBe('kept');
    expect(passwordOf(objects, 'inventory')).toMatch(/^[A-Za-z0-9]{40}$/);
  });

  it('is kept by an upgrade: the certificate too, if it is whole', async () => {
    const tls = ['--set', 'global.redis.tls.enabled=true'];
    const certificate = { 'ca.crt': 'authority', 'tls.crt': 'certificate', 'tls.key': 'key' };
    api = await secretsApi({ 'shop-redis-tls': certificate });
    expect(atob(only(await upgrade(...tls), 'Secret', 'shop-redis-tls').data['ca.crt'])).toBe('authority');
    api.close();

    api = await secretsApi({ 'shop-redis-tls': { 'ca.crt': 'authority' } });
    const { data } = only(await upgrade(...tls), 'Secret', 'shop-redis-tls');
    for (const part of Object.values(data)) expect(atob(part)).toMatch(/^-----BEGIN /);
  });
});
