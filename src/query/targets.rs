//! To whom a task can be transferred: queues and agents, with their present availability (R44–R46).

use serde::{Deserialize, Serialize};

use crate::directory::search::Wanted;
use crate::engine::{Context, Question, Stop, View};
use crate::model::{AgentId, ConversationId, Key, Presence, QueueId, State};
use crate::policy::{Checks, rules};
use crate::refusal::Refusals;

/// Asks to whom a conversation's holder can transfer it. Asking again is how the list is reloaded (R45).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferTargets {
    /// The conversation.
    pub conversation: ConversationId,
    /// Words to be found in a name or an id, whatever their case and accents; empty for all (R46).
    #[serde(default)]
    pub search: String,
    /// Go on behind this agent.
    #[serde(default)]
    pub after: Option<AgentId>,
    /// How many agents to answer at most.
    pub limit: usize,
}

/// The queues and agents of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferTargetsAnswer {
    /// The queues that take the channel, in the order of their ids; only on the first page.
    pub queues: Vec<QueueTarget>,
    /// The agents, in the order of their ids.
    pub agents: Vec<AgentTarget>,
    /// The agent behind whom the next page begins; none at the end.
    pub next: Option<AgentId>,
}

/// One queue of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueTarget {
    /// Its id.
    pub id: QueueId,
    /// Its name.
    pub name: String,
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
        let holder = conversation.state().agent();
        let wanted = Wanted::new(&self.search);

        let wanted_agents = directory.agents_wanted(&wanted, self.after.as_ref());
        let mut listed = wanted_agents.filter(|agent| holder != Some(agent.id()));
        let page: Vec<_> = listed.by_ref().take(self.limit).collect();
        let more = listed.next().is_some();
        view.want(page.iter().map(|agent| Key::presence(agent.id())))?;

        let mut agents = Vec::with_capacity(page.len());
        for agent in page {
            let presence: Option<&Presence> = view.glance(agent.id())?;
            let mut checks = Checks::default();
            let channel = conversation.channel();
            rules::can_be_offered(&mut checks, directory, agent, presence, conversation.id(), channel);
            agents.push(AgentTarget {
                id: agent.id().clone(),
                name: agent.name().to_owned(),
                state: presence
                    .and_then(|presence| presence.state(channel.class()))
                    .map(|standing| standing.state.clone()),
                refusals: checks.all_hold().err().map(|refused| *refused.0),
            });
        }
        let queues = match self.after {
            None => directory
                .queues_wanted(&wanted)
                .filter(|queue| queue.serves(conversation.channel()))
                .map(|queue| QueueTarget { id: queue.id().clone(), name: queue.name().to_owned() })
                .collect(),
            Some(_) => Vec::new(),
        };
        let next = agents.last().filter(|_| more).map(|last| last.id.clone());
        Ok(TransferTargetsAnswer { queues, agents, next })
    }
}
