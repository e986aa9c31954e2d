//! Routing the next task of a queue to an agent (R49).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::moves::{can_be_offered, offer_from_queue};
use crate::directory::{Agent, Queue};
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{AgentId, Conversation, Digest, Key, Presence, QueueId, TaskState};
use crate::policy::rules;
use crate::record::{Actor, Offered, Query};

/// How many waiting tasks are looked at, should the first have moved on since they were listed.
const LOOK_AT: usize = 8;

/// How many agents are looked at together.
const GROUP: usize = 64;

/// A queue's next task is offered to an agent: to the one that the host's router names, or to the one of the queue's agents
/// who has been available the longest.
///
/// Of a queue's agents 64 are looked at together, and where none of them can be asked, the next ones, twice as many each time. So
/// the choice is among all agents of a queue that has no more, and costs as much where it has thousands; there each command begins
/// at another agent, so that the work is spread over all of them. Only where nobody can be asked all of them were looked at: a host
/// that has thousands of agents in one queue does better to name one.
///
/// A queue is served from its head: while nobody can be asked for the first task, those behind it wait as well. Where a queue takes
/// several channels, agents who take only some of them need a queue of their own.
///
/// Refused with `queue.unknown`, `queue.empty`, `queue.no_agent`, `target.unknown`, `target.signed_out`,
/// `target.not_available`, `target.not_equipped`, `target.full`, `target.blending`, `target.wraps_up`,
/// `target.not_in_queue`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteNext {
    /// The queue.
    pub queue: QueueId,
    /// The agent, where the host's router chooses.
    #[serde(default)]
    pub agent: Option<AgentId>,
}

impl sealed::Sealed for RouteNext {}

impl Command for RouteNext {
    type Output = Offered;
    const NAME: &'static str = "route_next";

    fn actor(&self) -> Actor {
        Actor::Host
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        self.agent.iter().map(Key::presence).collect()
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Offered, Stop> {
        let queue = rules::needed_queue(&mut draft.checks, cx.directory(), &self.queue)?;
        // Those who are looked at first are loaded together with what waits.
        let candidates = match &self.agent {
            Some(_) => Ok(()),
            None => view.want(around(cx, queue).take(GROUP).map(|agent| Key::presence(agent.id()))),
        };
        let head = head_of(view, &self.queue)?;
        candidates?;
        let (conversation, since) = rules::waiting(&mut draft.checks, head, &self.queue)?;
        let target = match &self.agent {
            Some(agent) => named(cx, view, draft, queue, agent, conversation)?,
            None => longest_available(cx, view, draft, queue, conversation)?,
        };
        Ok(offer_from_queue(cx, draft, conversation, queue.id(), since, target))
    }
}

/// A waiting task, and since when it waits.
type Head<'v> = (&'v Arc<Conversation>, DateTime<Utc>);

/// The first task that waits in the queue.
fn head_of<'v>(view: &'v View, queue: &QueueId) -> Result<Option<Head<'v>>, Stop> {
    let listed = view.find(Query::waiting(queue, LOOK_AT))?;
    for id in listed.iter().filter_map(|entry| entry.key.as_conversation()) {
        let conversation = view.named_conversation(id)?;
        if let TaskState::Queued { queue: held_by, since } = conversation.state()
            && held_by == queue
        {
            return Ok(Some((conversation, *since)));
        }
    }
    Ok(None)
}

/// The agent whom the host's router names, if that agent can be asked.
fn named<'v>(
    cx: &Context<'_>,
    view: &'v View,
    draft: &mut Draft,
    queue: &Queue,
    agent: &AgentId,
    conversation: &Conversation,
) -> Result<&'v Arc<Presence>, Stop> {
    let directory = cx.directory();
    let presence = view.presence(agent)?;
    let checks = &mut draft.checks;
    let target = rules::needed_target(checks, directory, agent)?;
    let seen = presence.map(|presence| &**presence);
    rules::can_be_offered(checks, directory, target, seen, conversation.id(), conversation.channel());
    rules::serves_queue(checks, queue, target, seen);
    checks.all_hold()?;
    view.named_presence(agent)
}

/// The queue's agents, beginning at another one with each command.
fn around<'a>(cx: &Context<'a>, queue: &'a Queue) -> impl Iterator<Item = &'a Agent> {
    cx.directory().agents_around(queue, Digest::of(&[cx.command.as_uuid().as_bytes()]).0)
}

/// The first group of the queue's agents in which somebody can be asked answers who.
fn longest_available<'v>(
    cx: &Context<'_>,
    view: &'v View,
    draft: &mut Draft,
    queue: &Queue,
    conversation: &Conversation,
) -> Result<&'v Arc<Presence>, Stop> {
    let (mut agents, mut many) = (around(cx, queue), GROUP);
    let chosen = loop {
        let group: Vec<&Agent> = agents.by_ref().take(many).collect();
        view.want(group.iter().map(|agent| Key::presence(agent.id())))?;
        let chosen = longest_available_of(cx, view, queue, conversation, &group)?;
        if chosen.is_some() || group.is_empty() {
            break chosen;
        }
        many = many.saturating_mul(2);
    };
    view.named_presence(rules::somebody(&mut draft.checks, chosen, queue.id())?)
}

/// The one of some agents who can be asked and has been in that state the longest; of two, the first by id. Only the chosen one is
/// looked at as a guard: that another one becomes free meanwhile breaks nothing.
fn longest_available_of<'a>(
    cx: &Context<'_>,
    view: &View,
    queue: &Queue,
    conversation: &Conversation,
    agents: &[&'a Agent],
) -> Result<Option<&'a AgentId>, Stop> {
    let class = conversation.channel().class();
    let mut best: Option<(DateTime<Utc>, &AgentId)> = None;
    for agent in agents {
        let Some(presence) = view.glance(agent.id())? else { continue };
        let serves = presence.session().is_some_and(|session| rules::serves(queue, agent, session));
        let Some(standing) = presence.state(class).filter(|_| serves) else { continue };
        let place = (standing.since, agent.id());
        let sooner = best.is_none_or(|best| place < best);
        if sooner && can_be_offered(cx, agent.id(), Some(presence), conversation) {
            best = Some(place);
        }
    }
    Ok(best.map(|(_, agent)| agent))
}
