/** What is watched, and the ids it is known by. Ids never change once published. */

export interface TargetRef {
  gateway: string | null;
  provider: string | null;
  model: string | null;
  /** `chat` when absent. */
  api?: string | null;
  region?: string | null;
}

/** Escapes one part of an id: `/` is `~`, any other foreign character `~xx`. */
export function escapeIdPart(part: string): string {
  let out = '';
  for (const byte of new TextEncoder().encode(part)) {
    const char = String.fromCharCode(byte);
    out += char === '/' ? '~' : /[A-Za-z0-9._-]/.test(char) ? char : `~${byte.toString(16).padStart(2, '0')}`;
  }
  return out;
}

/** The feed's target id: `{gateway}:{provider}:{model}`, with api and region appended only when not the default. */
export function targetId(target: TargetRef): string {
  const parts = [target.gateway ?? 'none', target.provider ?? 'none', target.model ?? 'none'].map(
    escapeIdPart,
  );
  if (target.api && target.api !== 'chat') parts.push(`api-${escapeIdPart(target.api)}`);
  if (target.region) parts.push(`region-${escapeIdPart(target.region)}`);
  return parts.join(':');
}

/** The provider whose fault it would be: `deepinfra/turbo` is an endpoint of `deepinfra`. */
export function providerBase(provider: string): string {
  const slash = provider.indexOf('/');
  return slash < 0 ? provider : provider.slice(0, slash);
}

/** One key per watched thing and kind of look. */
export function targetKey(probe: string, target: TargetRef): string {
  return `${probe}|${targetId(target)}`;
}

/** `gateway/provider/model`, the id of a route as a culprit. */
export function routeScopeId(target: TargetRef): string {
  return `${target.gateway}/${target.provider}/${target.model}`;
}

export function isSameTarget(a: TargetRef, b: TargetRef): boolean {
  return targetId(a) === targetId(b);
}
