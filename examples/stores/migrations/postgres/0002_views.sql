-- For people and reports: what the records say, in columns. A body is read as JSON once a row (what is behind `OFFSET` stays
-- where it is).
CREATE VIEW outbound.conversations AS
SELECT organization.name                                                           AS organization,
       (json #>> '{conversation,opening,id}')::uuid                                AS conversation,
       json #>> '{conversation,opening,channel}'                                   AS channel,
       json #>> '{conversation,opening,entry_point}'                               AS entry_point,
       json #>> '{conversation,opening,customer}'                                  AS customer,
       coalesce(json #>> '{conversation,opening,address,sms}',
                json #>> '{conversation,opening,address,email}')                   AS address,
       coalesce(json #>> '{conversation,opening,origin,agent}',
                json #>> '{conversation,opening,origin}')                          AS begun_by,
       json #>> '{conversation,subject}'                                           AS subject,
       (json #>> '{conversation,opened_at}')::timestamptz                          AS opened_at,
       (json #>> '{conversation,closed,at}')::timestamptz                          AS closed_at,
       (json #>> '{conversation,messages}')::integer                               AS messages,
       (json #>> '{conversation,opening,previous}')::uuid                          AS previous
FROM outbound.organization JOIN outbound.record ON record.organization = organization.number
     CROSS JOIN LATERAL (SELECT record.body::json OFFSET 0) AS it (json)
WHERE key >= '\x30'::bytea AND key < '\x31'::bytea;

CREATE VIEW outbound.tasks AS
SELECT organization.name                                                           AS organization,
       (json #>> '{conversation,task,id}')::uuid                                   AS task,
       (json #>> '{conversation,opening,id}')::uuid                                AS conversation,
       json #>> '{conversation,task,state,state}'                                  AS state,
       coalesce(json #>> '{conversation,task,state,agent}',
                json #>> '{conversation,task,state,by}')                           AS agent,
       json #>> '{conversation,task,state,queue}'                                  AS queue,
       coalesce(json #>> '{conversation,task,state,offer,to}',
                json #>> '{conversation,task,state,transfer,to}')                  AS asked,
       (json #>> '{conversation,task,state,since}')::timestamptz                   AS since,
       coalesce(json #>> '{conversation,task,state,offer,expires}',
                json #>> '{conversation,task,state,transfer,expires}',
                json #>> '{conversation,task,state,asked,expires}',
                json #>> '{conversation,task,state,until}')::timestamptz           AS until,
       (json #>> '{conversation,task,hops}')::integer                              AS transfers
FROM outbound.organization JOIN outbound.record ON record.organization = organization.number
     CROSS JOIN LATERAL (SELECT record.body::json OFFSET 0) AS it (json)
WHERE key >= '\x30'::bytea AND key < '\x31'::bytea;

CREATE VIEW outbound.messages AS
SELECT organization.name                                                           AS organization,
       (json #>> '{message,draft,id}')::uuid                                       AS message,
       (json #>> '{message,draft,conversation}')::uuid                             AS conversation,
       (json #>> '{message,draft,number}')::integer                                AS number,
       (json #>> '{message,at}')::timestamptz                                      AS at,
       CASE WHEN json #> '{message,draft,direction,outbound}' IS NULL
            THEN 'inbound' ELSE 'outbound' END                                     AS direction,
       json #>> '{message,draft,direction,outbound,by,agent}'                      AS agent,
       coalesce(json #>> '{message,draft,address,sms}',
                json #>> '{message,draft,address,email}')                          AS address,
       json #>> '{message,draft,content,subject}'                                  AS subject,
       coalesce(json #>> '{message,draft,content,body,text}',
                json #>> '{message,draft,content,body,html}')                      AS body,
       json #>> '{message,delivery,status}'                                        AS status,
       (json #>> '{message,delivery,attempts}')::integer                           AS attempts,
       json #>> '{message,delivery,problem,cause}'                                 AS cause,
       json #>> '{message,delivery,problem,text}'                                  AS problem
FROM outbound.organization JOIN outbound.record ON record.organization = organization.number
     CROSS JOIN LATERAL (SELECT record.body::json OFFSET 0) AS it (json)
WHERE key >= '\x40'::bytea AND key < '\x41'::bytea;

-- What an agent did, by day (UTC).
CREATE VIEW outbound.agent_days AS
SELECT organization.name                                                           AS organization,
       agent,
       (at AT TIME ZONE 'UTC')::date                                               AS day,
       at,
       event.name                                                                  AS did,
       json ->> 'stream'                                                           AS to_record,
       (json ->> 'command')::uuid                                                  AS command,
       (json ->> 'ordinal')::integer                                               AS ordinal
FROM outbound.organization JOIN outbound.event ON event.organization = organization.number
     CROSS JOIN LATERAL (SELECT event.body::json OFFSET 0) AS it (json)
WHERE agent IS NOT NULL;
