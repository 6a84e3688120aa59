-- Views in plain words, for sqlite3, Datasette and Grafana. Described in db/README.md; made anew with every migration.
drop view if exists v_looks;
create view v_looks as
select
  l.id as id,
  ((l.id >> 45) + 19723) * 86400000 + (l.id & 134217727) as at_ms,
  strftime('%Y-%m-%dT%H:%M:%fZ', (((l.id >> 45) + 19723) * 86400000 + (l.id & 134217727)) / 1000.0, 'unixepoch') as at,
  r.vantage, t.probe, t.gateway, t.provider, t.model, t.api, t.region, t.key as target,
  o.class as outcome, h.why,
  h.facts ->> '$.status' as status,
  h.facts ->> '$.reached' as reached,
  h.facts ->> '$.fault' as fault,
  h.facts ->> '$.error.code' as error_code,
  h.facts ->> '$.error.message' as error_message,
  h.facts ->> '$.error.provider' as error_provider,
  h.facts ->> '$.served.provider' as served_provider,
  h.facts ->> '$.served.model' as served_model,
  h.facts ->> '$.output.finish' as finish,
  h.facts ->> '$.output.answer' as answer,
  h.facts ->> '$.endpoint' as endpoint,
  h.facts ->> '$.edge.cache' as edge_cache,
  h.facts ->> '$.edge.site' as edge_site,
  l.dns_us / 1000.0 as dns_ms,
  l.connect_us / 1000.0 as connect_ms,
  l.tls_us / 1000.0 as tls_ms,
  l.headers_us / 1000.0 as headers_ms,
  (coalesce(l.headers_us, 0) + l.first_byte_after_us) / 1000.0 as first_byte_ms,
  (l.extra ->> '$.firstReasoningUs') / 1000.0 as first_reasoning_ms,
  l.first_token_us / 1000.0 as first_token_ms,
  l.worst_gap_us / 1000.0 as worst_gap_ms,
  l.total_us / 1000.0 as total_ms,
  l.tokens,
  coalesce(l.extra ->> '$.reasoningTokens', h.facts ->> '$.output.reasoning') as reasoning_tokens,
  l.cost_pusd / 1e12 as cost_usd,
  coalesce(l.extra ->> '$.stallMs', 0) as our_stall_ms,
  l.slot_offset + case when h.slot_ms > 0 then (((l.id >> 45) + 19723) * 86400000 + (l.id & 134217727)) / h.slot_ms else 0 end as slot,
  h.counts_s as counts_for_s
from (
  select * from timed_looks
  union all
  select id, shape_id, slot_offset, null, null, null, null, null, null, null, total_us, null, null, null from looks
) l
cross join series r on r.id = ((l.id >> 27) & 262143)
cross join targets t on t.id = r.target_id
cross join shapes h on h.id = l.shape_id
cross join outcomes o on o.id = h.outcome_id;

drop view if exists v_hours;
create view v_hours as
select strftime('%Y-%m-%dT%H:00:00Z', y.at * 3600, 'unixepoch') as hour, t.key as target, t.probe, t.gateway, t.provider, t.model,
  r.vantage, o.class as outcome, y.looks, y.slots, y.slot_s as seconds
from tally_hours y join series r on r.id = y.series_id join targets t on t.id = r.target_id join outcomes o on o.id = y.outcome_id;

drop view if exists v_days;
create view v_days as
select strftime('%Y-%m-%d', y.at * 86400, 'unixepoch') as day, t.key as target, t.probe, t.gateway, t.provider, t.model,
  r.vantage, o.class as outcome, y.looks, y.slots, y.slot_s as seconds
from tally_days y join series r on r.id = y.series_id join targets t on t.id = r.target_id join outcomes o on o.id = y.outcome_id;

drop view if exists v_missed;
create view v_missed as
select strftime('%Y-%m-%dT%H:%M:%fZ', m.at_ms / 1000.0, 'unixepoch') as at, t.key as target, m.slot, m.reason
from missed m join targets t on t.id = m.target_id;

drop view if exists v_incidents;
create view v_incidents as
select id, scope_key as scope, status, is_public,
  strftime('%Y-%m-%dT%H:%M:%fZ', started_at_ms / 1000.0, 'unixepoch') as started_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', resolved_at_ms / 1000.0, 'unixepoch') as resolved_at,
  (resolved_at_ms - started_at_ms) / 60000.0 as minutes,
  body ->> '$.impact' as impact, body ->> '$.title' as title, body ->> '$.reason' as reason,
  body ->> '$.evidence.failed' as failed_looks, body ->> '$.evidence.total' as looks_in_all
from incidents;

drop view if exists v_events;
create view v_events as
select seq, strftime('%Y-%m-%dT%H:%M:%fZ', at_ms / 1000.0, 'unixepoch') as at, type, incident_id as incident, body ->> '$.sentence' as sentence
from events;

drop view if exists v_deliveries;
create view v_deliveries as
select strftime('%Y-%m-%dT%H:%M:%fZ', at_ms / 1000.0, 'unixepoch') as at, receiver_id as receiver, event_id as event, incident_id as incident, what, text
from delivery_log;

drop view if exists v_spending;
create view v_spending as
select strftime('%Y-%m-%d', day * 86400, 'unixepoch') as day, gateway, (pusd + open_pusd) / 1e12 as usd, open_pusd / 1e12 as not_settled_usd, requests
from spend_days;

drop view if exists v_verdicts;
create view v_verdicts as
select key as what, strftime('%Y-%m-%dT%H:%M:%fZ', at_ms / 1000.0, 'unixepoch') as since, verdict from verdict_changes;
