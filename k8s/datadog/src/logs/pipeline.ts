import type { v1 } from '@datadog/datadog-api-client';
import { tagsOfLogs, type Field } from '../emitted/logs.ts';
import { LOGS_OF } from '../names.ts';

const from = (...fields: [Field, ...Field[]]): string[] => fields;

const toTag = (name: (typeof tagsOfLogs)[number]): v1.LogsAttributeRemapper => ({
  type: 'attribute-remapper',
  name: `${name} as a tag`,
  isEnabled: true,
  sources: from(name),
  sourceType: 'attribute',
  target: name,
  targetType: 'tag',
  preserveSource: true,
  // What the agent says of env and version (unified service tagging) goes before what the line says.
  overrideOnConflict: false,
});

const toAttribute = (source: Field, target: Field): v1.LogsAttributeRemapper => ({
  type: 'attribute-remapper',
  name: `${source} to ${target}`,
  isEnabled: true,
  sources: from(source),
  sourceType: 'attribute',
  target,
  targetType: 'attribute',
  preserveSource: false,
  overrideOnConflict: false,
});

/**
 * Lines are JSON already, so nothing is parsed: what they say is put where Datadog looks for it. The order matters only
 * in that `effect` is built from fields that stay.
 */
export const pipeline: v1.LogsPipeline = {
  name: 'Onlyonce',
  description: 'Lines of docs/logs.md: time, level, trace, tags, and what makes an effect one effect',
  isEnabled: true,
  tags: ['managed_by:onlyonce'],
  filter: { query: LOGS_OF },
  processors: [
    { type: 'date-remapper', name: 'time of the line', isEnabled: true, sources: from('time') },
    { type: 'status-remapper', name: 'level as status', isEnabled: true, sources: from('level') },
    { type: 'service-remapper', name: 'service', isEnabled: true, sources: from('service') },
    { type: 'message-remapper', name: 'msg as message', isEnabled: true, sources: from('msg') },
    { type: 'trace-id-remapper', name: 'trace', isEnabled: true, sources: from('dd.trace_id') },
    { type: 'span-id-remapper', name: 'span', isEnabled: true, sources: from('dd.span_id') },
    ...tagsOfLogs.map(toTag),
    // A text under `error` would stand in the way of the attributes error.message, error.kind and error.stack.
    toAttribute('error', 'error.message'),
    toAttribute('err.message', 'error.message'),
    toAttribute('err.type', 'error.kind'),
    toAttribute('err.stack', 'error.stack'),
    {
      type: 'pipeline',
      name: 'Effects',
      isEnabled: true,
      filter: { query: '@event:(message.processed OR message.rejected)' },
      processors: [
        {
          // The same line delivered twice by a log shipper is one effect; anything else that differs is another.
          type: 'string-builder-processor',
          name: 'what makes it this effect',
          isEnabled: true,
          template: '%{pod} %{fencingToken} %{attempt} %{time}',
          target: 'effect' satisfies Field,
          isReplaceMissing: true,
        },
      ],
    },
  ],
};
