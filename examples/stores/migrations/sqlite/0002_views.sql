-- For people and reports: what the records say, in columns.
CREATE VIEW conversations AS
SELECT c ->> '$.opening.id'                                                        AS conversation,
       c ->> '$.opening.channel'                                                   AS channel,
       c ->> '$.opening.entry_point'                                               AS entry_point,
       c ->> '$.opening.customer'                                                  AS customer,
       coalesce(c ->> '$.opening.address.sms', c ->> '$.opening.address.email')    AS address,
       coalesce(c ->> '$.opening.origin.agent', c ->> '$.opening.origin')          AS begun_by,
       c ->> '$.subject'                                                           AS subject,
       c ->> '$.opened_at'                                                         AS opened_at,
       c ->> '$.closed.at'                                                         AS closed_at,
       c ->> '$.messages'                                                          AS messages,
       c ->> '$.opening.previous'                                                  AS previous
FROM (SELECT body -> '$.conversation' AS c FROM record WHERE key >= x'30' AND key < x'31');

CREATE VIEW tasks AS
SELECT c ->> '$.task.id'                                                           AS task,
       c ->> '$.opening.id'                                                        AS conversation,
       c ->> '$.task.state.state'                                                  AS state,
       coalesce(c ->> '$.task.state.agent', c ->> '$.task.state.by')               AS agent,
       c ->> '$.task.state.queue'                                                  AS queue,
       coalesce(c ->> '$.task.state.offer.to', c ->> '$.task.state.transfer.to')   AS asked,
       c ->> '$.task.state.since'                                                  AS since,
       coalesce(c ->> '$.task.state.offer.expires', c ->> '$.task.state.transfer.expires',
                c ->> '$.task.state.asked.expires', c ->> '$.task.state.until')    AS until,
       c ->> '$.task.hops'                                                         AS transfers
FROM (SELECT body -> '$.conversation' AS c FROM record WHERE key >= x'30' AND key < x'31');

CREATE VIEW messages AS
SELECT m ->> '$.draft.id'                                                          AS message,
       m ->> '$.draft.conversation'                                                AS conversation,
       m ->> '$.draft.number'                                                      AS number,
       m ->> '$.at'                                                                AS at,
       CASE WHEN m -> '$.draft.direction.outbound' IS NULL THEN 'inbound' ELSE 'outbound' END AS direction,
       m ->> '$.draft.direction.outbound.by.agent'                                 AS agent,
       coalesce(m ->> '$.draft.address.sms', m ->> '$.draft.address.email')        AS address,
       m ->> '$.draft.content.subject'                                             AS subject,
       coalesce(m ->> '$.draft.content.body.text', m ->> '$.draft.content.body.html') AS body,
       m ->> '$.delivery.status'                                                   AS status,
       m ->> '$.delivery.attempts'                                                 AS attempts,
       m ->> '$.delivery.problem.cause'                                            AS cause,
       m ->> '$.delivery.problem.text'                                             AS problem
FROM (SELECT body -> '$.message' AS m FROM record WHERE key >= x'40' AND key < x'41');

-- What an agent did, by day (UTC), in order.
CREATE VIEW agent_days AS
SELECT agent,
       substr(at, 1, 10)                                                           AS day,
       at,
       name                                                                        AS did,
       body ->> '$.stream'                                                         AS to_record,
       body ->> '$.command'                                                        AS command
FROM event
WHERE agent IS NOT NULL
ORDER BY position;
