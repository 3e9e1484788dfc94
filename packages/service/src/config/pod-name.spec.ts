import { describe, expect, it } from '@jest/globals';
import { podNameOf } from './pod-name.js';

describe('podNameOf', () => {
  it('makes a name of host and process that is safe in keys', () => {
    expect(podNameOf('my host.local', 42)).toBe('my-host.local-42');
    expect(podNameOf('h'.repeat(100), 42)).toMatch(/^h{61}-42$/);
  });
});
