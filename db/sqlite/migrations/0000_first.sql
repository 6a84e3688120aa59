CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`body` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `claims` (
	`page` text PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`body` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `components` (
	`key` text PRIMARY KEY NOT NULL,
	`body` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `day_revisions` (
	`day` integer PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`event_id` text NOT NULL,
	`receiver_id` text NOT NULL,
	`channel` text NOT NULL,
	`incident_id` text,
	`attempts` integer NOT NULL,
	`next_at_ms` integer NOT NULL,
	`not_after_ms` integer,
	`lease_by` text,
	`lease_until_ms` integer,
	`done_at_ms` integer,
	`dead_at_ms` integer,
	`dead_reason` text,
	`superseded_at_ms` integer,
	`only_if_told` integer NOT NULL,
	`expanded_to` text,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "attempts_not_negative" CHECK("deliveries"."attempts" >= 0)
) STRICT;
--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`next_at_ms`) WHERE "deliveries"."done_at_ms" is null and "deliveries"."dead_at_ms" is null and "deliveries"."superseded_at_ms" is null;--> statement-breakpoint
CREATE INDEX `deliveries_of_receiver` ON `deliveries` (`receiver_id`,`incident_id`);--> statement-breakpoint
CREATE INDEX `deliveries_of_incident` ON `deliveries` (`incident_id`) WHERE "deliveries"."incident_id" is not null;--> statement-breakpoint
CREATE INDEX `deliveries_by_time` ON `deliveries` (`created_at_ms`);--> statement-breakpoint
CREATE INDEX `deliveries_leased` ON `deliveries` (`receiver_id`,`lease_until_ms`) WHERE "deliveries"."lease_by" is not null;--> statement-breakpoint
CREATE TABLE `delivery_log` (
	`id` integer PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`delivery_id` text,
	`event_id` text NOT NULL,
	`receiver_id` text NOT NULL,
	`incident_id` text,
	`what` text NOT NULL,
	`text` text NOT NULL,
	CONSTRAINT "log_what" CHECK("delivery_log"."what" in ('queued','sent','retry','dead','not_sent','superseded'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `log_of_receiver` ON `delivery_log` (`receiver_id`,`at_ms`);--> statement-breakpoint
CREATE INDEX `log_of_incident` ON `delivery_log` (`incident_id`) WHERE "delivery_log"."incident_id" is not null;--> statement-breakpoint
CREATE TABLE `due_hours` (
	`at` integer NOT NULL,
	`series_id` integer NOT NULL,
	PRIMARY KEY(`at`, `series_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `endpoints` (
	`gateway` text NOT NULL,
	`model` text NOT NULL,
	`tag` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`gateway`, `model`, `tag`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`type` text NOT NULL,
	`at_ms` integer NOT NULL,
	`incident_id` text,
	`body` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `events_id_unique` ON `events` (`id`);--> statement-breakpoint
CREATE INDEX `events_by_time` ON `events` (`at_ms`);--> statement-breakpoint
CREATE INDEX `events_by_type` ON `events` (`type`,`at_ms`);--> statement-breakpoint
CREATE INDEX `events_by_incident` ON `events` (`incident_id`) WHERE "events"."incident_id" is not null;--> statement-breakpoint
CREATE TABLE `feed_changes` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`body` text NOT NULL,
	CONSTRAINT "feed_kind" CHECK("feed_changes"."kind" in ('target','target_removed','guard','incident'))
) STRICT;
--> statement-breakpoint
CREATE TABLE `generations` (
	`id` text PRIMARY KEY NOT NULL,
	`look_id` integer,
	`at_ms` integer NOT NULL,
	`body` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `guard` (
	`id` integer PRIMARY KEY NOT NULL,
	`body` text NOT NULL,
	CONSTRAINT "one_guard" CHECK("guard"."id" = 1)
) STRICT;
--> statement-breakpoint
CREATE TABLE `incidents` (
	`id` text PRIMARY KEY NOT NULL,
	`scope_key` text NOT NULL,
	`status` text NOT NULL,
	`is_public` integer NOT NULL,
	`started_at_ms` integer NOT NULL,
	`resolved_at_ms` integer,
	`body` text NOT NULL,
	CONSTRAINT "incident_status" CHECK("incidents"."status" in ('open','resolved'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `incidents_by_start` ON `incidents` (`started_at_ms`);--> statement-breakpoint
CREATE INDEX `incidents_by_scope` ON `incidents` (`scope_key`,`started_at_ms`);--> statement-breakpoint
CREATE INDEX `incidents_open` ON `incidents` (`started_at_ms`) WHERE "incidents"."status" = 'open';--> statement-breakpoint
CREATE TABLE `intents` (
	`position` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`body` text NOT NULL,
	`by` text NOT NULL,
	`at_ms` integer NOT NULL,
	`claimed_at_ms` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `intents_id_unique` ON `intents` (`id`);--> statement-breakpoint
CREATE INDEX `intents_open` ON `intents` (`position`) WHERE "intents"."claimed_at_ms" is null;--> statement-breakpoint
CREATE TABLE `leases` (
	`name` text PRIMARY KEY NOT NULL,
	`by` text NOT NULL,
	`until_ms` integer NOT NULL,
	`term` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `looks` (
	`id` integer PRIMARY KEY NOT NULL,
	`shape_id` integer NOT NULL,
	`slot_offset` integer,
	`total_us` integer,
	CONSTRAINT "looks_not_negative" CHECK("looks"."total_us" >= 0)
) STRICT;
--> statement-breakpoint
CREATE TABLE `missed` (
	`target_id` integer NOT NULL,
	`slot` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`reason` text NOT NULL,
	PRIMARY KEY(`target_id`, `slot`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `missed_by_time` ON `missed` (`at_ms`);--> statement-breakpoint
CREATE TABLE `models` (
	`gateway` text NOT NULL,
	`id` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`gateway`, `id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `notes` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `notices` (
	`page` text NOT NULL,
	`id` text NOT NULL,
	`is_active` integer NOT NULL,
	`first_seen_ms` integer NOT NULL,
	`sort_ms` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`page`, `id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `notices_by_time` ON `notices` (`sort_ms`);--> statement-breakpoint
CREATE TABLE `numbering` (
	`id` integer PRIMARY KEY NOT NULL,
	`epoch` text NOT NULL,
	`seq` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "one_row" CHECK("numbering"."id" = 1)
) STRICT;
--> statement-breakpoint
CREATE TABLE `outcomes` (
	`id` integer PRIMARY KEY NOT NULL,
	`class` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `outcomes_class_unique` ON `outcomes` (`class`);--> statement-breakpoint
CREATE TABLE `providers` (
	`gateway` text NOT NULL,
	`slug` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`gateway`, `slug`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `receivers` (
	`id` text PRIMARY KEY NOT NULL,
	`origin` text NOT NULL,
	`channel` text NOT NULL,
	`settings` text NOT NULL,
	`scope` text NOT NULL,
	`min_impact` text,
	`kinds` text NOT NULL,
	`until_incident_id` text,
	`status` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`is_muted_until_ms` integer,
	CONSTRAINT "receiver_origin" CHECK("receivers"."origin" in ('operator','public')),
	CONSTRAINT "receiver_status" CHECK("receivers"."status" in ('pending','active','disabled'))
) STRICT;
--> statement-breakpoint
CREATE TABLE `routes` (
	`target_id` text PRIMARY KEY NOT NULL,
	`body` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `series` (
	`id` integer PRIMARY KEY NOT NULL,
	`target_id` integer NOT NULL,
	`vantage` text NOT NULL,
	FOREIGN KEY (`target_id`) REFERENCES `targets`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "series_fits_key" CHECK("series"."id" between 1 and 262143)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `series_of_target` ON `series` (`target_id`,`vantage`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` integer PRIMARY KEY NOT NULL,
	`started_at_ms` integer NOT NULL,
	`from_ms` integer NOT NULL,
	`until_ms` integer NOT NULL,
	`vantage` text NOT NULL,
	`facts` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `sessions_by_end` ON `sessions` (`until_ms`);--> statement-breakpoint
CREATE TABLE `shapes` (
	`id` integer PRIMARY KEY NOT NULL,
	`digest` integer NOT NULL,
	`outcome_id` integer NOT NULL,
	`why` text NOT NULL,
	`slot_ms` integer NOT NULL,
	`counts_s` real NOT NULL,
	`is_measure` integer NOT NULL,
	`facts` text NOT NULL,
	`last_used_day` integer NOT NULL,
	FOREIGN KEY (`outcome_id`) REFERENCES `outcomes`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "slot_is_length" CHECK("shapes"."slot_ms" >= 0 and "shapes"."counts_s" >= 0)
) STRICT;
--> statement-breakpoint
CREATE INDEX `shapes_by_digest` ON `shapes` (`digest`);--> statement-breakpoint
CREATE TABLE `sketch_days` (
	`id` integer PRIMARY KEY NOT NULL,
	`cost_pusd` integer NOT NULL,
	`first_token` blob,
	`total` blob,
	`worst_gap` blob,
	`tokens_per_second` blob
) STRICT;
--> statement-breakpoint
CREATE TABLE `sketch_hours` (
	`id` integer PRIMARY KEY NOT NULL,
	`cost_pusd` integer NOT NULL,
	`first_token` blob,
	`total` blob,
	`worst_gap` blob,
	`tokens_per_second` blob
) STRICT;
--> statement-breakpoint
CREATE TABLE `sketch_minutes` (
	`id` integer PRIMARY KEY NOT NULL,
	`cost_pusd` integer NOT NULL,
	`first_token` blob,
	`total` blob,
	`worst_gap` blob,
	`tokens_per_second` blob
) STRICT;
--> statement-breakpoint
CREATE TABLE `spend_days` (
	`day` integer NOT NULL,
	`gateway` text NOT NULL,
	`pusd` integer NOT NULL,
	`open_pusd` integer NOT NULL,
	`calm_pusd` integer NOT NULL,
	`requests` integer NOT NULL,
	`calm_requests` integer NOT NULL,
	PRIMARY KEY(`day`, `gateway`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `spends` (
	`id` text PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`gateway` text NOT NULL,
	`reserved_pusd` integer NOT NULL,
	`requests` integer NOT NULL,
	`purpose` text NOT NULL,
	`settled_pusd` integer,
	`settled_at_ms` integer,
	CONSTRAINT "spend_not_negative" CHECK("spends"."reserved_pusd" >= 0 and "spends"."requests" >= 0),
	CONSTRAINT "spend_purpose" CHECK("spends"."purpose" in ('calm','suspicion'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `spends_by_time` ON `spends` (`at_ms`);--> statement-breakpoint
CREATE TABLE `tally_days` (
	`series_id` integer NOT NULL,
	`at` integer NOT NULL,
	`outcome_id` integer NOT NULL,
	`looks` integer NOT NULL,
	`slots` integer NOT NULL,
	`slot_s` real NOT NULL,
	PRIMARY KEY(`series_id`, `at`, `outcome_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `tally_hours` (
	`series_id` integer NOT NULL,
	`at` integer NOT NULL,
	`outcome_id` integer NOT NULL,
	`looks` integer NOT NULL,
	`slots` integer NOT NULL,
	`slot_s` real NOT NULL,
	PRIMARY KEY(`series_id`, `at`, `outcome_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `targets` (
	`id` integer PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`probe` text NOT NULL,
	`gateway` text,
	`provider` text,
	`model` text,
	`api` text,
	`region` text,
	`first_seen_ms` integer NOT NULL,
	`last_seen_ms` integer,
	`watched` text,
	`position` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `targets_key_unique` ON `targets` (`key`);--> statement-breakpoint
CREATE TABLE `threads` (
	`receiver_id` text NOT NULL,
	`incident_id` text NOT NULL,
	`body` text NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`receiver_id`, `incident_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `timed_looks` (
	`id` integer PRIMARY KEY NOT NULL,
	`shape_id` integer NOT NULL,
	`slot_offset` integer,
	`dns_us` integer,
	`connect_us` integer,
	`tls_us` integer,
	`headers_us` integer,
	`first_byte_after_us` integer,
	`first_token_us` integer,
	`worst_gap_us` integer,
	`total_us` integer,
	`tokens` integer,
	`cost_pusd` integer,
	`extra` text,
	CONSTRAINT "timed_not_negative" CHECK(min(coalesce("timed_looks"."dns_us",0), coalesce("timed_looks"."connect_us",0), coalesce("timed_looks"."tls_us",0), coalesce("timed_looks"."headers_us",0), coalesce("timed_looks"."first_token_us",0), coalesce("timed_looks"."worst_gap_us",0), coalesce("timed_looks"."total_us",0)) >= 0)
) STRICT;
--> statement-breakpoint
CREATE TABLE `tokens` (
	`hash` text NOT NULL,
	`purpose` text NOT NULL,
	`subject` text NOT NULL,
	`expires_at_ms` integer,
	`scopes` text NOT NULL,
	PRIMARY KEY(`hash`, `purpose`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `tokens_of_subject` ON `tokens` (`purpose`,`subject`);--> statement-breakpoint
CREATE TABLE `verdict_changes` (
	`key` text NOT NULL,
	`at_ms` integer NOT NULL,
	`verdict` text NOT NULL,
	PRIMARY KEY(`key`, `at_ms`),
	CONSTRAINT "verdict_known" CHECK("verdict_changes"."verdict" in ('operational','degraded','partial_outage','major_outage','maintenance','unknown'))
) STRICT, WITHOUT ROWID;
