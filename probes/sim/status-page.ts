/** OpenRouter's status page as a Datadog page: one JSON document, and an HTML shell for every other path. */
export interface PageComponent {
  id: string;
  name: string;
  status: string;
}

export interface PageIncident {
  id: string;
  title: string;
  currentStatus: string;
  componentIds: string[];
  publishedAtMs: number;
  resolvedAtMs: number | null;
  timeline: { status: string; description: string; startedAtMs: number; componentStatus: string }[];
}

export class SimStatusPage {
  readonly gateway: PageComponent[] = [
    { id: 'c0a1-chat', name: 'Chat (/api/v1/chat/completions)', status: 'operational' },
    { id: 'c0a1-image', name: 'Image (/api/v1/image)', status: 'operational' },
    { id: 'c0a1-embed', name: 'Embeddings (/api/v1/embeddings)', status: 'operational' },
  ];
  readonly web: PageComponent = { id: 'c0a1-web', name: 'Web & Application Services', status: 'operational' };
  readonly incidents: PageIncident[] = [];

  declare(what: { id: string; title: string; status: string; text: string; nowMs: number }): void {
    const chat = this.gateway[0] as PageComponent;
    chat.status = what.status;
    this.incidents.unshift({
      id: what.id,
      title: what.title,
      currentStatus: 'investigating',
      componentIds: [chat.id],
      publishedAtMs: what.nowMs,
      resolvedAtMs: null,
      timeline: [
        {
          status: 'investigating',
          description: what.text,
          startedAtMs: what.nowMs,
          componentStatus: what.status,
        },
      ],
    });
  }

  resolve(id: string, nowMs: number): void {
    const incident = this.incidents.find((i) => i.id === id);
    if (!incident || incident.resolvedAtMs !== null) return;
    incident.currentStatus = 'resolved';
    incident.resolvedAtMs = nowMs;
    incident.timeline.unshift({
      status: 'resolved',
      description: 'This incident has been resolved.',
      startedAtMs: nowMs,
      componentStatus: 'operational',
    });
    for (const c of this.gateway) if (incident.componentIds.includes(c.id)) c.status = 'operational';
  }

  document(pageUrl: string): unknown {
    const component = (c: PageComponent, position: number): unknown => ({
      ...c,
      position,
      type: 'Component',
    });
    return {
      id: '5e1f0000-sim',
      name: 'OpenRouter',
      domainPrefix: 'openrouter',
      enabled: true,
      pageUrl,
      created: '2026-09-08T22:25:02.658427Z',
      components: [
        {
          id: 'c0a1',
          name: 'API - Gateway',
          position: 0,
          type: 'ComponentGroup',
          components: this.gateway.map(component),
        },
        component(this.web, 1),
      ],
      incidents: this.incidents.map((i) => this.#incident(i)),
      maintenances: null,
    };
  }

  #incident(i: PageIncident): unknown {
    const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
    const affected = (status: string | null): unknown[] =>
      [...this.gateway, this.web]
        .filter((c) => i.componentIds.includes(c.id))
        .map((c) => ({ id: c.id, name: c.name, status: status ?? c.status, type: 'Component' }));
    return {
      id: i.id,
      title: i.title,
      currentStatus: i.currentStatus,
      resolved: i.resolvedAtMs !== null,
      publishedDate: iso(i.publishedAtMs),
      resolvedDate: iso(i.resolvedAtMs),
      lastModifiedAt: iso(i.resolvedAtMs ?? i.publishedAtMs),
      description: i.timeline[0]?.description ?? '',
      componentsAffected: affected(null),
      timeline: i.timeline.map((t, n) => ({
        id: `${i.id}-${n}`,
        status: t.status,
        description: t.description,
        startedAt: iso(t.startedAtMs),
        createdAt: iso(t.startedAtMs),
        lastModifiedAt: iso(t.startedAtMs),
        componentsAffected: affected(t.componentStatus),
      })),
    };
  }
}

export const shellHtml =
  '<!DOCTYPE html><html><head><title>OpenRouter Status</title></head><body><div id="root"></div></body></html>';
