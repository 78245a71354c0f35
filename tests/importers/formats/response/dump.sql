-- PostgreSQL database dump
COPY public.response_externaluser (id, app_id, external_id, display_name, full_name, email, deleted) FROM stdin;
1	slack	U01	ann	Ann Example	ann@example.com	f
\.
COPY public.response_incident (id, report, report_time, report_only, start_time, end_time, summary, impact, severity, lead_id, reporter_id, private) FROM stdin;
12	Orders time out	2019-12-24 22:34:56.123+01	f	2019-12-24 22:30:00+01	\N	Every order waited.	\N	2	1	1	f
13	A secret	2020-01-01 00:00:00+00	f	2020-01-01 00:00:00+00	\N	\N	\N	\N	\N	\N	t
\.
COPY public.response_timelineevent (id, "timestamp", text, event_type, metadata, incident_id) FROM stdin;
1	2019-12-24 22:40:00+01	I kill the queries	text	\N	12
\.
COPY public.response_action (id, details, done, incident_id, user_id) FROM stdin;
1	Make the pool larger	t	12	1
\.
