type Raw = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const keysOf = (value: unknown) => (isObject(value) ? Object.keys(value) : []);
const names = (value: unknown) =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : undefined;

/** The fields that a conversation adds to a reply. */
const CONVERSATION = ['conversation_id', 'total_messages', 'first_prompt', 'last_response'];

/**
 * The names of what a step gives, told from its definition, or `undefined` where only its handler knows.
 * It reads what a file says as it stands, so that references can be checked in a file that has other faults.
 */
export function stepFields(step: Raw): readonly string[] | undefined {
  const config = isObject(step['config']) ? step['config'] : {};
  const fields = ownFields(step, config);
  return fields && (step['on_error'] === 'continue' ? [...fields, 'error'] : fields);
}

/** The names that an input step asks for: its outputs, or its own id. */
export function inputNames(step: Raw): readonly string[] {
  const listed = names(step['outputs']);
  return listed && listed.length > 0 ? listed : typeof step['id'] === 'string' ? [step['id']] : [];
}

function ownFields(step: Raw, config: Raw): readonly string[] | undefined {
  switch (step['type']) {
    case 'input':
      return inputNames(step);
    case 'output':
      return keysOf(step['inputs']);
    case 'file_output':
      return ['file_path', 'success'];
    case 'llm_chat':
      return [
        ...['response', 'streamed', 'message', 'provider', 'model', 'usage'],
        ...(config['stream'] === true ? ['chunks'] : []),
        ...(config['use_conversation'] === true ? CONVERSATION : []),
      ];
    case 'llm_structured':
      return ['response', 'message', 'provider', 'model'];
    case 'tts':
      return [
        ...['text', 'success', 'provider', 'voice_used', 'utterances', 'duration'],
        ...['audio_file_path', 'audio_files'],
      ];
    case 'condition':
      return ['result', 'branch'];
    case 'loop':
      return ['results', 'count'];
    case 'agent_call':
      return undefined;
    default:
      return names(step['outputs']);
  }
}
