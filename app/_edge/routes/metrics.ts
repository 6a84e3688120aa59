import type { Gauge, MetricType, Registry } from 'prom-client';
import { feedClassOf } from '#lib/core/feed-classes.ts';
import { generatedAtMs } from '#lib/core/feed-facts.ts';
import { wireProvider } from '#lib/core/feed-routing.ts';
import { targetId } from '#lib/core/target.ts';
import { type Verdict, verdictWords } from '#lib/core/words.ts';
import { mayRead } from '../access.ts';
import { isLoopback } from '../address.ts';
import type { Edge } from '../edge.ts';
import type { Handler } from '../guard.ts';
import { Problem } from '../reply.ts';

const mostTargets = 1_000;
const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const prometheus = 'text/plain; version=0.0.4; charset=utf-8';

type Set = (name: string, help: string, value: number, labels?: Record<string, string>) => void;

/** Gauges are declared as they are first set; names are ours, labels are bounded by the fleet. */
function collector(registry: Registry, make: typeof Gauge): Set {
  const gauges = new Map<string, Gauge>();
  return (name, help, value, labels = {}) => {
    let gauge = gauges.get(name);
    if (!gauge) {
      gauge = new make({ name, help, labelNames: Object.keys(labels), registers: [registry] });
      if (labels.quantile !== undefined) declareSummary(gauge);
      gauges.set(name, gauge);
    }
    gauge.set(labels, value);
  };
}

/** Quantiles that were measured elsewhere: prom-client's own Summary would want every duration again. */
function declareSummary(gauge: Gauge): void {
  const read = gauge.get.bind(gauge);
  gauge.get = async () => ({ ...(await read()), type: 'summary' as unknown as MetricType });
}

const circuitValue = { closed: 0, half_open: 1, open: 2 } as const;

function setTargets(edge: Edge, set: Set): void {
  const facts = edge.live.facts();
  const byKey = new Map(facts.windows.filter((w) => w.windowMs === 300_000).map((w) => [w.targetKey, w]));
  for (const route of facts.routes.slice(0, mostTargets)) {
    const { gateway, provider, model } = route.target;
    const labels = {
      target: route.targetId,
      gateway: gateway ?? '',
      provider: provider ?? '',
      model: model ?? '',
    };
    // Unknown is no number: a missing series is a gap, never a zero.
    if (route.state !== 'unknown')
      set(
        'probe_success',
        'Whether the route works (blackbox exporter)',
        route.state === 'down' ? 0 : 1,
        labels,
      );
    set(
      'signalbox_circuit_state',
      '0 closed, 1 half open, 2 open',
      circuitValue[route.circuit.state],
      labels,
    );
    set('signalbox_route_weight', 'Recommended weight, 0 to 100', route.advice.weight, labels);
    const window = byKey.get(`completion|${targetId(route.target)}`);
    if (!window) continue;
    set('signalbox_looks', 'Checks in the last five minutes', window.samples, labels);
    set('signalbox_looks_ok', 'Good checks in the last five minutes', window.ok, labels);
    for (const [name, count] of Object.entries(window.byClass)) {
      const error = feedClassOf(name);
      if (error)
        set('signalbox_look_errors', 'Failed checks in the last five minutes by class', count, {
          target: route.targetId,
          error_type: error,
        });
    }
    const ai = {
      gen_ai_operation_name: 'chat',
      gen_ai_provider_name: wireProvider(route) ?? gateway ?? '',
      gen_ai_request_model: model ?? '',
      server_address: gateway ?? '',
    };
    if (window.totalMs) {
      set(
        'probe_duration_seconds',
        'Duration of a check, median of five minutes (blackbox exporter)',
        window.totalMs.p50 / 1000,
        labels,
      );
      set('gen_ai_client_operation_duration_seconds', 'Duration of a completion', window.totalMs.p50 / 1000, {
        ...ai,
        quantile: '0.5',
      });
      set('gen_ai_client_operation_duration_seconds', 'Duration of a completion', window.totalMs.p95 / 1000, {
        ...ai,
        quantile: '0.95',
      });
    }
    if (window.firstTokenMs) {
      set(
        'gen_ai_client_operation_time_to_first_chunk_seconds',
        'Time to the first token',
        window.firstTokenMs.p50 / 1000,
        { ...ai, quantile: '0.5' },
      );
      set(
        'gen_ai_client_operation_time_to_first_chunk_seconds',
        'Time to the first token',
        window.firstTokenMs.p95 / 1000,
        { ...ai, quantile: '0.95' },
      );
    }
  }
}

function setOwn(edge: Edge, set: Set): void {
  const facts = edge.live.facts();
  const nowMs = edge.nowMs();
  for (const c of facts.components.slice(0, mostTargets))
    for (const verdict of Object.keys(verdictWords) as Verdict[])
      set(
        'signalbox_component_verdict',
        'One for the verdict a component has',
        c.verdict === verdict ? 1 : 0,
        { kind: c.kind, id: c.id, verdict },
      );
  set(
    'signalbox_incidents_open',
    'Open public incidents',
    facts.incidents.filter((i) => i.status === 'open').length,
  );
  for (const [name, times] of edge.pasted.lastHour(nowMs))
    set('signalbox_errors_pasted', 'Errors people pasted within the hour, by kind', times, {
      error_type: name,
    });
  set('signalbox_feed_seq', 'Position of the feed', facts.seq);
  set(
    'signalbox_worker_beat_age_seconds',
    'Since the worker was last heard of',
    (nowMs - generatedAtMs(facts)) / 1000,
  );
  set('signalbox_feed_expired', 'Whether the feed has withdrawn its opinions', facts.isExpired ? 1 : 0);
  set('signalbox_guard_open_fraction', 'Share of open circuits', facts.guard.openFraction);
  set('signalbox_self_blind', 'Whether our own connection is down', facts.guard.self === 'blind' ? 1 : 0);
  const dayMs = nowMs - (nowMs % 86_400_000);
  const spent = edge.store.ledger.spent({ fromMs: dayMs, toMs: nowMs });
  set('signalbox_cost_today_usd', 'What the checks of this UTC day have cost', spent.usd);
  set('signalbox_paid_requests_today', 'Paid checks of this UTC day', spent.requests);
  const pending = edge.store.outbox.pending(nowMs);
  set('signalbox_deliveries_due', 'Messages waiting to be sent', pending.due);
  set('signalbox_deliveries_dead', 'Messages given up', pending.dead);
  if (pending.oldestDueAtMs !== null)
    set(
      'signalbox_delivery_oldest_due_age_seconds',
      'Since the oldest message that waits was due',
      Math.max(0, nowMs - pending.oldestDueAtMs) / 1000,
    );
  const told = edge.store.upkeep.lastBeat()?.facts ?? {};
  setDeliveries(told.deliveries, nowMs, set);
  for (const [name, value] of Object.entries(told))
    if (typeof value === 'number' && Number.isFinite(value)) setWorker(name, value, set);
  set('signalbox_streams_open', 'Open event streams', edge.streams.open);
  set('signalbox_streams_cut', 'Streams cut off because they did not keep up', edge.streams.cut);
  set('signalbox_page_renders', 'Pages rendered since the start', edge.pages?.renders ?? 0);
  set('process_resident_memory_bytes', 'Resident memory of the web process', process.memoryUsage.rss());
  set('process_start_time_seconds', 'Start of the web process', edge.startedAtMs / 1000);
}

/** The worker's own words in the units Prometheus wants: bytes and seconds. */
function setWorker(name: string, value: number, set: Set): void {
  const [, stem = name, unit] = /^(.+?)(Mb|Ms)$/.exec(name) ?? [];
  const [suffix, factor] =
    unit === 'Mb' ? ['_bytes', 1_000_000] : unit === 'Ms' ? ['_seconds', 0.001] : ['', 1];
  const word = stem.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`).replace(/[^a-z0-9_]/g, '_');
  set(`signalbox_worker_${word}${suffix}`, 'As the worker reports it', value * factor);
}

/** What the sending loop says of itself with the worker's beat. */
function setDeliveries(facts: unknown, nowMs: number, set: Set): void {
  if (typeof facts !== 'object' || facts === null) return;
  const { canary, held } = facts as { canary?: unknown; held?: unknown };
  if (typeof held === 'number') set('signalbox_receivers_held', 'Receivers that were asked to wait', held);
  if (typeof canary !== 'object' || canary === null) return;
  const { isAlive, arrivedAtMs } = canary as { isAlive?: unknown; arrivedAtMs?: unknown };
  set('signalbox_canary_alive', 'Whether our own hourly message comes back', isAlive === true ? 1 : 0);
  if (typeof arrivedAtMs === 'number')
    set('signalbox_canary_age_seconds', 'Since it last came back', Math.max(0, nowMs - arrivedAtMs) / 1000);
}

/** `GET /metrics`: for operators, so from this machine or with a token. */
export const metrics: Handler = async ({ req, edge, address, nowMs }) => {
  const isDirect =
    isLoopback(address) &&
    req.headers['x-forwarded-for'] === undefined &&
    req.headers.forwarded === undefined;
  if (!isDirect && !mayRead(req, edge, 'metrics', nowMs))
    throw new Problem('unauthorized', 'metrics are for operators: ask from this machine, or with a token', {
      headers: { 'www-authenticate': 'Bearer realm="signalbox"' },
    });
  const isOpen = String(req.headers.accept ?? '').includes('application/openmetrics-text');
  // Nobody waits at the start for what only a scraper asks for.
  const prom = await import('prom-client');
  const registry = new prom.Registry();
  if (isOpen) registry.setContentType(openMetrics as never);
  const set = collector(registry, prom.Gauge);
  setTargets(edge, set);
  setOwn(edge, set);
  const body = await registry.metrics();
  return { status: 200, headers: { 'content-type': isOpen ? openMetrics : prometheus }, body };
};
