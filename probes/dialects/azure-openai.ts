import { asText } from '#lib/core/loose.ts';
import { authHeaders } from './auth.ts';
import type { Dialect } from './dialect.ts';
import { chatBody, chatHeaders, openaiChat } from './openai-chat.ts';

const apiKey = { kind: 'header', header: 'api-key', extra: {} } as const;

/** Azure's v1 address speaks plain chat; an older one names the deployment in the path and its own version. */
export const azureOpenai: Dialect = {
  ...openaiChat,
  ask: (question) => {
    const { watched } = question;
    const base = watched.baseUrl.replace(/\/+$/, '');
    const version = asText(watched.options.api_version);
    const deployment = encodeURIComponent(watched.wireModel ?? '');
    const isFoundry = /\.services\.ai\.azure\.com\/models$/.test(base);
    const path =
      version === null
        ? `${base}/chat/completions`
        : isFoundry
          ? `${base}/chat/completions?api-version=${encodeURIComponent(version)}`
          : `${base.replace(/\/openai(?:\/v1)?$/, '')}/openai/deployments/${deployment}/chat/completions?api-version=${encodeURIComponent(version)}`;
    return {
      url: path,
      headers: { ...chatHeaders(question), ...authHeaders(question, apiKey) },
      body: JSON.stringify(chatBody(question)),
    };
  },
};
