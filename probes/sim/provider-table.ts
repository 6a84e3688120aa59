export interface ProviderRow {
  slug: string;
  name: string;
  headquarters: string | null;
  hasStatusPage: boolean;
}

export const providerRows: readonly ProviderRow[] = [
  { slug: 'alibaba', name: 'Alibaba', headquarters: 'SG', hasStatusPage: true },
  { slug: 'amazon-bedrock', name: 'Amazon Bedrock', headquarters: 'US', hasStatusPage: true },
  { slug: 'anthropic', name: 'Anthropic', headquarters: 'US', hasStatusPage: true },
  { slug: 'atlas-cloud', name: 'AtlasCloud', headquarters: 'US', hasStatusPage: false },
  { slug: 'azure', name: 'Azure', headquarters: 'US', hasStatusPage: true },
  { slug: 'cerebras', name: 'Cerebras', headquarters: 'US', hasStatusPage: false },
  { slug: 'cloudflare', name: 'Cloudflare', headquarters: 'US', hasStatusPage: true },
  { slug: 'cohere', name: 'Cohere', headquarters: 'US', hasStatusPage: true },
  { slug: 'deepinfra', name: 'DeepInfra', headquarters: 'US', hasStatusPage: true },
  { slug: 'deepseek', name: 'DeepSeek', headquarters: 'CN', hasStatusPage: true },
  { slug: 'fireworks', name: 'Fireworks', headquarters: 'US', hasStatusPage: true },
  { slug: 'google-vertex', name: 'Google', headquarters: 'US', hasStatusPage: true },
  { slug: 'google-ai-studio', name: 'Google AI Studio', headquarters: 'US', hasStatusPage: false },
  { slug: 'groq', name: 'Groq', headquarters: 'US', hasStatusPage: true },
  { slug: 'minimax', name: 'Minimax', headquarters: 'SG', hasStatusPage: false },
  { slug: 'mistral', name: 'Mistral', headquarters: 'FR', hasStatusPage: true },
  { slug: 'moonshotai', name: 'Moonshot AI', headquarters: 'SG', hasStatusPage: false },
  { slug: 'nebius', name: 'Nebius', headquarters: 'NL', hasStatusPage: false },
  { slug: 'novita', name: 'Novita', headquarters: 'US', hasStatusPage: true },
  { slug: 'openai', name: 'OpenAI', headquarters: 'US', hasStatusPage: true },
  { slug: 'parasail', name: 'Parasail', headquarters: 'US', hasStatusPage: false },
  { slug: 'sambanova', name: 'SambaNova', headquarters: 'US', hasStatusPage: true },
  { slug: 'siliconflow', name: 'SiliconFlow', headquarters: 'SG', hasStatusPage: false },
  { slug: 'together', name: 'Together', headquarters: 'US', hasStatusPage: true },
  { slug: 'venice', name: 'Venice', headquarters: 'US', hasStatusPage: false },
  { slug: 'z-ai', name: 'Z.AI', headquarters: 'SG', hasStatusPage: false },
  { slug: 'xai', name: 'xAI', headquarters: 'US', hasStatusPage: true },
];
