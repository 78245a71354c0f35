--
-- PostgreSQL database dump
--
SET standard_conforming_strings = on;

CREATE TABLE dispatch_organization_shop.incident_severity (
    id integer NOT NULL,
    name character varying
);

COPY dispatch_organization_shop.event (id, uuid, started_at, ended_at, source, description, details, type, owner, incident_id) FROM stdin;
1	1d5b	2019-12-24 21:30:00.5	2019-12-24 21:30:00.5	Deploys	New checkout\nwent out	{}	Other	\N	12
2	1d5c	2019-12-24 21:40:00	2019-12-24 21:40:00	Incident	Queries were killed	{"queries": "seven"}	Other	Cy Example	12
\.

COPY dispatch_organization_shop.incident (id, name, title, description, resolution, status, visibility, reported_at, stable_at, closed_at, incident_severity_id, incident_priority_id, incident_type_id, commander_id, summary, project_id) FROM stdin;
12	dispatch-shop-12	Orders time out	Every order waited.	Description of the actions taken to resolve the incident.	Closed	Open	2019-12-24 21:34:56.123	\N	2019-12-24 23:10:00	1	\N	1	3	\N	1
13	dispatch-shop-13	A secret	Not for all.	\N	Active	Restricted	2020-01-01 00:00:00	\N	\N	1	\N	1	\N	\N	1
\.

COPY dispatch_organization_shop.incident_severity (id, name, description) FROM stdin;
1	Critical	All see it
\.
COPY dispatch_organization_shop.incident_type (id, name, slug) FROM stdin;
1	Capacity	capacity
\.
COPY dispatch_organization_shop.individual_contact (id, name, email, is_active) FROM stdin;
5	Ann Example	ann@example.com	t
\.
COPY dispatch_organization_shop.participant (id, team, incident_id, individual_contact_id) FROM stdin;
3	Payments	12	5
\.
COPY dispatch_organization_shop.participant_role (id, role, participant_id) FROM stdin;
1	Incident Commander	3
\.
COPY dispatch_organization_shop.assoc_incident_tags (incident_id, tag_id) FROM stdin;
12	1
\.
COPY dispatch_organization_shop.tag (id, name) FROM stdin;
1	pool
\.
COPY dispatch_organization_shop.task (id, description, status, owner_id, incident_id, resolve_by, resolved_at) FROM stdin;
1	Make the pool larger	Resolved	3	12	2019-12-31 00:00:00	2019-12-27 10:00:00
\.
COPY dispatch_organization_shop.ticket (id, weblink, incident_id, task_id) FROM stdin;
1	https://jira.example.com/browse/INC-12	12	\N
2	https://jira.example.com/browse/OPS-7	\N	1
\.
COPY dispatch_organization_shop.report (id, details_raw, type, incident_id) FROM stdin;
1	The queue grows.	Tactical Report	12
\.
