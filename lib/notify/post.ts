import type { HttpLook } from '../http.ts';
import { fault, type NotifyIo, type Sent } from './channel.ts';
import { readRetryAfterMs, retryAfterInBodyMs } from './retry-after.ts';

/** Answers are read for their words only: four kilobytes, then the line is cut. */
const limits = {
  connectMs: 5_000,
  firstByteMs: 20_000,
  idleMs: 20_000,
  totalMs: 20_000,
  wireBytes: 4_096,
  bodyBytes: 4_096,
};

export interface Posted {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** One POST, no redirects: they could carry a signature elsewhere. A 2xx is an answer, everything else a fault. */
export async function post(
  io: NotifyIo,
  request: {
    url: string;
    headers?: Record<string, string>;
    body: string;
    method?: 'POST' | 'PUT' | 'PATCH';
    /** Shorter than usual. */
    totalMs?: number;
  },
): Promise<{ ok: true; posted: Posted } | Extract<Sent, { ok: false }>> {
  const look = await io.http.request({
    url: request.url,
    method: request.method ?? 'POST',
    headers: { 'content-type': 'application/json', ...request.headers },
    body: request.body,
    signal: io.signal,
    limits: request.totalMs === undefined ? limits : { ...limits, totalMs: request.totalMs },
  });
  const status = look.status;
  if (status !== null && status >= 200 && status < 300 && isAnswered(look))
    return { ok: true, posted: { status, headers: look.headers, body: new TextDecoder().decode(look.body) } };
  return (
    status === null || !isAnswered(look) ? ofTransport(look) : ofStatus(look, status, io.nowMs())
  ) as Extract<Sent, { ok: false }>;
}

/** Once the status is known the message arrived: an endless or cut body changes nothing. */
function isAnswered(look: HttpLook): boolean {
  return (
    look.status !== null &&
    (look.fault === null || look.fault === 'too_large' || look.reached === 'first_byte')
  );
}

function ofTransport(look: HttpLook): Sent {
  const isTimeout = look.fault === 'timeout';
  const code = look.faultCode ?? 'no_answer';
  const isForbidden = code === 'EBLOCKED';
  return fault(
    isForbidden ? 'address_not_allowed' : `transport_${look.fault ?? 'reset'}`,
    sayTransport(look),
    {
      isTimeout,
      permanent: isForbidden,
    },
  );
}

function sayTransport(look: HttpLook): string {
  const tenths = Math.round(look.timing.totalMs / 100) / 10;
  return `no answer (${look.fault ?? 'cut'}) after ${tenths} s`;
}

const permanentStatuses = [400, 401, 403, 404, 410, 413];

function ofStatus(look: HttpLook, status: number, nowMs: number): Sent {
  const isRedirect = status >= 300 && status < 400;
  const isOtherClientError = status >= 400 && status < 500 && ![408, 425, 429].includes(status);
  return fault(`http_${status}`, `answered ${status}`, {
    permanent: permanentStatuses.includes(status) || isRedirect,
    disables: status === 410,
    isTimeout: status === 408,
    retryAfterMs:
      readRetryAfterMs(look.headers['retry-after'], nowMs) ??
      (status === 429 ? retryAfterInBodyMs(new TextDecoder().decode(look.body)) : null),
    mostTries: isOtherClientError ? 3 : null,
  });
}
