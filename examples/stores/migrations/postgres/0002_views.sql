-- For people and reports: what the records say, in columns.
CREATE VIEW outbound.conversations AS
SELECT organization,
       (body #>> '{conversation,opening,id}')::uuid                                AS conversation,
       body #>> '{conversation,opening,channel}'                                   AS channel,
       body #>> '{conversation,opening,entry_point}'                               AS entry_point,
       body #>> '{conversation,opening,customer}'                                  AS customer,
       coalesce(body #>> '{conversation,opening,address,sms}',
                body #>> '{conversation,opening,address,email}')                   AS address,
       coalesce(body #>> '{conversation,opening,origin,agent}',
                body #>> '{conversation,opening,origin}')                          AS begun_by,
       body #>> '{conversation,subject}'                                           AS subject,
       (body #>> '{conversation,opened_at}')::timestamptz                          AS opened_at,
       (body #>> '{conversation,closed,at}')::timestamptz                          AS closed_at,
       (body #>> '{conversation,messages}')::integer                               AS messages,
       (body #>> '{conversation,opening,previous}')::uuid                          AS previous
FROM outbound.record
WHERE key >= '\x30'::bytea AND key < '\x31'::bytea AND version <> 0;

CREATE VIEW outbound.tasks AS
SELECT organization,
       (body #>> '{conversation,task,id}')::uuid                                   AS task,
       (body #>> '{conversation,opening,id}')::uuid                                AS conversation,
       body #>> '{conversation,task,state,state}'                                  AS state,
       coalesce(body #>> '{conversation,task,state,agent}',
                body #>> '{conversation,task,state,by}')                           AS agent,
       body #>> '{conversation,task,state,queue}'                                  AS queue,
       coalesce(body #>> '{conversation,task,state,offer,to}',
                body #>> '{conversation,task,state,transfer,to}')                  AS asked,
       (body #>> '{conversation,task,state,since}')::timestamptz                   AS since,
       coalesce(body #>> '{conversation,task,state,offer,expires}',
                body #>> '{conversation,task,state,transfer,expires}',
                body #>> '{conversation,task,state,asked,expires}',
                body #>> '{conversation,task,state,until}')::timestamptz           AS until,
       (body #>> '{conversation,task,hops}')::integer                              AS transfers
FROM outbound.record
WHERE key >= '\x30'::bytea AND key < '\x31'::bytea AND version <> 0;

CREATE VIEW outbound.messages AS
SELECT organization,
       (body #>> '{message,draft,id}')::uuid                                       AS message,
       (body #>> '{message,draft,conversation}')::uuid                             AS conversation,
       (body #>> '{message,draft,number}')::integer                                AS number,
       (body #>> '{message,at}')::timestamptz                                      AS at,
       CASE WHEN body #> '{message,draft,direction,outbound}' IS NULL
            THEN 'inbound' ELSE 'outbound' END                                     AS direction,
       body #>> '{message,draft,direction,outbound,by,agent}'                      AS agent,
       coalesce(body #>> '{message,draft,address,sms}',
                body #>> '{message,draft,address,email}')                          AS address,
       body #>> '{message,draft,content,subject}'                                  AS subject,
       coalesce(body #>> '{message,draft,content,body,text}',
                body #>> '{message,draft,content,body,html}')                      AS body,
       body #>> '{message,delivery,status}'                                        AS status,
       (body #>> '{message,delivery,attempts}')::integer                           AS attempts,
       body #>> '{message,delivery,problem,cause}'                                 AS cause,
       body #>> '{message,delivery,problem,text}'                                  AS problem
FROM outbound.record
WHERE key >= '\x40'::bytea AND key < '\x41'::bytea AND version <> 0;

-- What an agent did, by day (UTC).
CREATE VIEW outbound.agent_days AS
SELECT organization,
       agent,
       (at AT TIME ZONE 'UTC')::date                                               AS day,
       at,
       name                                                                        AS did,
       body ->> 'stream'                                                           AS to_record,
       (body ->> 'command')::uuid                                                  AS command,
       (body ->> 'ordinal')::integer                                               AS ordinal
FROM outbound.event
WHERE agent IS NOT NULL;
