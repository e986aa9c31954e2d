//! To whom a task can be transferred: queues and agents, with their present availability (R44–R46).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::directory::search::Wanted;
use crate::directory::{Agent, Queue};
use crate::engine::{Context, Question, Stop, View};
use crate::model::{AgentId, ConversationId, Key, Presence, QueueId, State};
use crate::policy::{Ask, Checks, rules};
use crate::record::{Entry, Query};
use crate::refusal::Refusals;

/// Asks to whom a conversation's holder can transfer it. Asking again is how the list is reloaded (R45).
///
/// It is about the targets. Whether the holder may transfer at all, with another transfer pending or too many behind it, is told
/// by explaining the [`Transfer`](crate::command::Transfer).
///
/// Queues and agents are two lists, each with its own pages: a desk that shows one of them asks for none of the other.
///
/// ```
/// # use outbound::model::{AgentId, ConversationId};
/// # use outbound::query::TransferTargets;
/// # fn pages(conversation: ConversationId, last: AgentId) -> (TransferTargets, TransferTargets) {
/// let first = TransferTargets::new(conversation, 20, 50).search("maria");
/// let more = TransferTargets::new(conversation, 0, 50).search("maria").after_agent(last); // the answer's `next_agent`
/// # (first, more) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferTargets {
    /// The conversation.
    pub conversation: ConversationId,
    /// Words to be found in a name or an id, whatever their case and accents; empty for all (R46).
    #[serde(default)]
    pub search: String,
    /// How many queues to answer at most.
    pub queues: usize,
    /// How many agents to answer at most.
    pub agents: usize,
    /// Go on behind this queue.
    #[serde(default)]
    pub after_queue: Option<QueueId>,
    /// Go on behind this agent.
    #[serde(default)]
    pub after_agent: Option<AgentId>,
}

impl TransferTargets {
    /// The first targets for a conversation, so many queues and agents at most.
    #[must_use]
    pub const fn new(conversation: ConversationId, queues: usize, agents: usize) -> Self {
        Self { conversation, search: String::new(), queues, agents, after_queue: None, after_agent: None }
    }

    /// The same question for those in whose name or id some words are found (R46).
    #[must_use]
    pub fn search(mut self, words: impl Into<String>) -> Self {
        self.search = words.into();
        self
    }

    /// The same question for the queues behind one.
    #[must_use]
    pub fn after_queue(mut self, queue: QueueId) -> Self {
        self.after_queue = Some(queue);
        self
    }

    /// The same question for the agents behind one.
    #[must_use]
    pub fn after_agent(mut self, agent: AgentId) -> Self {
        self.after_agent = Some(agent);
        self
    }
}

/// The queues and agents of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferTargetsAnswer {
    /// The queues that take the channel, in the order of their ids.
    pub queues: Vec<QueueTarget>,
    /// The agents, in the order of their ids.
    pub agents: Vec<AgentTarget>,
    /// The queue behind which the next page begins; none at the end.
    pub next_queue: Option<QueueId>,
    /// The agent behind whom the next page begins; none at the end.
    pub next_agent: Option<AgentId>,
}

/// One queue of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueTarget {
    /// Its id.
    pub id: QueueId,
    /// Its name.
    pub name: String,
    /// Since when the task at its head has waited; none where nothing waits.
    pub waiting_since: Option<DateTime<Utc>>,
    /// Every reason of the host's own rules why the task cannot be transferred there now (B17); none where it can.
    pub refusals: Option<Refusals>,
}

impl QueueTarget {
    /// Whether nothing speaks against this queue.
    #[must_use]
    pub const fn is_available(&self) -> bool {
        self.refusals.is_none()
    }
}

/// One agent of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentTarget {
    /// The agent's id.
    pub id: AgentId,
    /// The agent's name.
    pub name: String,
    /// The state for the conversation's class, while signed in.
    pub state: Option<State>,
    /// Every reason why the task cannot be offered to this agent now; none where it can.
    pub refusals: Option<Refusals>,
}

impl AgentTarget {
    /// Whether the task can be offered to this agent now.
    #[must_use]
    pub const fn is_available(&self) -> bool {
        self.refusals.is_none()
    }
}

impl Question for TransferTargets {
    type Answer = TransferTargetsAnswer;

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::conversation(self.conversation)]
    }

    fn answer(&self, cx: &Context<'_>, view: &View) -> Result<TransferTargetsAnswer, Stop> {
        let directory = cx.directory();
        let found = view.conversation(self.conversation)?;
        let conversation = rules::known_conversation(&mut Checks::default(), found, self.conversation)?;
        let (holder, channel) = (conversation.state().agent(), conversation.channel());
        let sender = holder.and_then(|holder| directory.agent(holder));
        let host_rules = |checks: &mut Checks, to: Option<&Agent>, queue: Option<&Queue>| {
            if let Some(agent) = sender {
                rules::host_rules(checks, cx.terms.rules(), &Ask::Transfer { agent, conversation, to, queue }, cx.now);
            }
            checks.all_hold().err().map(|refused| *refused.0)
        };
        let wanted = Wanted::new(&self.search);

        let listed = directory.agents_wanted(&wanted, self.after_agent.as_ref());
        let (agents, next_agent) = page_of(listed.filter(|agent| holder != Some(agent.id())), self.agents);
        let listed = directory.queues_wanted(&wanted, self.after_queue.as_ref());
        let (queues, next_queue) = page_of(listed.filter(|queue| queue.serves(channel)), self.queues);
        let present = view.want(agents.iter().map(|agent| Key::presence(agent.id())));
        view.want_found(queues.iter().map(|queue| head_of(queue)))?;
        present?;

        let target = |agent: &Agent| {
            let presence: Option<&Presence> = view.glance(agent.id())?;
            let mut checks = Checks::default();
            rules::can_be_offered(&mut checks, directory, agent, presence, conversation.id(), channel);
            Ok(AgentTarget {
                id: agent.id().clone(),
                name: agent.name().to_owned(),
                state: presence
                    .and_then(|presence| presence.state(channel.class()))
                    .map(|standing| standing.state.clone()),
                refusals: host_rules(&mut checks, Some(agent), None),
            })
        };
        let agents = agents.into_iter().map(target).collect::<Result<_, Stop>>()?;

        let target = |queue: &Queue| {
            Ok(QueueTarget {
                id: queue.id().clone(),
                name: queue.name().to_owned(),
                waiting_since: view.find(head_of(queue))?.first().map(Entry::time),
                refusals: host_rules(&mut Checks::default(), None, Some(queue)),
            })
        };
        let queues = queues.into_iter().map(target).collect::<Result<_, Stop>>()?;

        let (next_queue, next_agent) = (next_queue.map(|it| it.id().clone()), next_agent.map(|it| it.id().clone()));
        Ok(TransferTargetsAnswer { queues, agents, next_queue, next_agent })
    }
}

/// What waits at the head of a queue.
fn head_of(queue: &Queue) -> Query {
    Query::waiting(queue.id(), 1)
}

/// The first rows, so many at most; and the last of them, where there are more behind it.
fn page_of<'a, T>(mut rows: impl Iterator<Item = &'a T>, limit: usize) -> (Vec<&'a T>, Option<&'a T>) {
    let page: Vec<_> = rows.by_ref().take(limit).collect();
    let last = page.last().copied().filter(|_| rows.next().is_some());
    (page, last)
}
