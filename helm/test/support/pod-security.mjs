// @ts-check

/**
 * What a pod lacks of the restricted Pod Security profile and of what we ask beyond it.
 * @param {Record<string, any>} object
 * @param {{ socket?: boolean }} [allowed] socket: a hostPath to the Datadog agent
 * @returns {string[]}
 */
export function insecurities(object, { socket = false } = {}) {
  const spec = object['kind'] === 'Pod' ? object['spec'] : object['spec']?.template?.spec;
  if (!spec) return [];
  const at = `${object['kind']} ${object['metadata'].name}`;
  const security = spec.securityContext ?? {};
  const faults = [
    [security.runAsNonRoot === true, 'runAsNonRoot'],
    [security.runAsUser > 0, 'runAsUser'],
    [security.seccompProfile?.type === 'RuntimeDefault', 'seccompProfile'],
    [spec.automountServiceAccountToken === false, 'automountServiceAccountToken'],
    [!spec.hostNetwork && !spec.hostPID && !spec.hostIPC, 'host namespaces'],
    [socket || !(spec.volumes ?? []).some((/** @type {any} */ volume) => volume.hostPath), 'hostPath'],
  ];
  // Containers that people add are theirs.
  const ours = [...(spec.initContainers ?? []), ...spec.containers].filter(
    ({ name }) => name !== 'beside' && name !== 'before',
  );
  for (const { name, securityContext = {}, resources, image } of ours) {
    faults.push(
      [securityContext.allowPrivilegeEscalation === false, `${name}: allowPrivilegeEscalation`],
      [securityContext.readOnlyRootFilesystem === true, `${name}: readOnlyRootFilesystem`],
      [securityContext.capabilities?.drop?.includes('ALL'), `${name}: capabilities`],
      [resources?.limits?.memory !== undefined, `${name}: memory limit`],
      [resources?.requests?.cpu !== undefined, `${name}: cpu request`],
      [/[:@]/.test(image) && !image.endsWith(':latest'), `${name}: image ${image}`],
    );
  }
  return faults.filter(([good]) => !good).map(([, what]) => `${at}: ${what}`);
}
