/** The shape of the original system's two streaming examples, with words of our own. */
export const streamingChatAgent = {
  name: 'streaming_chat_agent',
  description: 'Shows a reply while it streams',
  config: { default_llm_provider: 'ollama', default_model: 'llama2' },
  steps: [
    {
      id: 'ask_user',
      type: 'input',
      description: 'What the user wants to know',
      config: { prompt: 'What would you like to talk about?' },
      outputs: ['user_message'],
    },
    {
      id: 'stream_response',
      type: 'llm_chat',
      description: 'Replies token by token',
      config: {
        provider: 'ollama',
        model: 'llama2',
        temperature: 0.7,
        max_tokens: 500,
        stream: true,
        use_conversation: false,
        system_message: 'You are good company.',
      },
      inputs: { message: { from_step: 'ask_user', field: 'user_message' } },
      outputs: ['response', 'streamed', 'chunks'],
    },
    {
      id: 'show',
      type: 'output',
      description: 'The reply, and how it came',
      config: { format: 'text' },
      inputs: {
        response: { from_step: 'stream_response', field: 'response' },
        was_streamed: { from_step: 'stream_response', field: 'streamed' },
        chunk_count: { from_step: 'stream_response', field: 'chunks' },
      },
    },
  ],
};

const turn = (id: string, from: string, field: string, outputs: readonly string[], more: object = {}) => ({
  id,
  type: 'llm_chat',
  description: 'One turn of the conversation',
  config: {
    provider: 'gemini',
    model: 'gemini-1.5-flash',
    temperature: 0.8,
    max_tokens: 800,
    stream: true,
    use_conversation: true,
    conversation_id: 'user_session_001',
    ...more,
  },
  inputs: { message: { from_step: from, field } },
  outputs,
});

export const streamingConversationAgent = {
  name: 'streaming_conversation_agent',
  description: 'Two turns of one conversation, streamed',
  config: { default_llm_provider: 'gemini', default_model: 'gemini-1.5-flash' },
  steps: [
    {
      id: 'first_question',
      type: 'input',
      description: 'How it begins',
      config: { prompt: "What's on your mind?" },
      outputs: ['first_message'],
    },
    turn(
      'first_reply',
      'first_question',
      'first_message',
      ['response', 'conversation_id', 'total_messages', 'streamed'],
      { system_message: 'You are a friend who listens.' },
    ),
    {
      id: 'second_question',
      type: 'input',
      description: 'How it goes on',
      config: { prompt: 'Go on …' },
      outputs: ['follow_up_message'],
    },
    turn('second_reply', 'second_question', 'follow_up_message', [
      'response',
      'conversation_id',
      'total_messages',
      'first_prompt',
      'last_response',
    ]),
    {
      id: 'summary',
      type: 'output',
      description: 'What was said',
      config: { format: 'json' },
      inputs: {
        conversation_id: { from_step: 'second_reply', field: 'conversation_id' },
        total_messages: { from_step: 'second_reply', field: 'total_messages' },
        first_user_prompt: { from_step: 'second_reply', field: 'first_prompt' },
        latest_response: { from_step: 'second_reply', field: 'last_response' },
        response: { from_step: 'second_reply', field: 'response' },
        streaming_enabled: true,
      },
    },
  ],
};
