/** Each dialect's word for why an answer ended, as the five words of OpenAI's; what is not listed stays as it is, in small letters. */
const words: Record<string, string> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  complete: 'stop',
  completed: 'stop',
  succeeded: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  max_tokens: 'length',
  max_output_tokens: 'length',
  model_length: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  tool_call: 'tool_calls',
  function_call: 'tool_calls',
  safety: 'content_filter',
  recitation: 'content_filter',
  blocklist: 'content_filter',
  prohibited_content: 'content_filter',
  spii: 'content_filter',
  refusal: 'content_filter',
  content_filtered: 'content_filter',
  guardrail_intervened: 'content_filter',
  error_toxic: 'content_filter',
  timeout: 'error',
  failed: 'error',
};

export function finishWord(word: string | null): string | null {
  if (word === null) return null;
  const small = word.toLowerCase();
  return words[small] ?? small;
}
